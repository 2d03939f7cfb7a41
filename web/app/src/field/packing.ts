// Fetches all that a shift without network needs: sheets, pictures, and the map of the ward; bounded, and told as it grows.
import { ask, get, send } from "../api/client";
import { Fault } from "../api/fault";
import type { Day, FlagSheet, Leg, OwnDay, OwnJob, Sheet } from "./day";
import type { FieldStore } from "./store";
import type { FormOfVisit } from "./values";
import { fill, TILE_CACHE, tilesOver, type Bounds } from "./tiles";

export const CACHE_LIMIT_BYTES = 100_000_000;
const TILE_ZOOMS = [12, 13, 14, 15, 16];
const MOST_TILES = 3000;
const AT_ONCE = 4;
const PICTURES_PER_JOB = 4;

type Told = (done: number, of: number) => void;

/** The whole day. A sheet that cannot be had now is kept from before; what is left out is fetched at the next refresh. */
export async function fetchDay(store: FieldStore, own: OwnDay, before: Day | null, tell: Told): Promise<Day> {
  const sheets: Record<string, Sheet> = {};
  let done = 0;
  await each(own.jobs, async (job) => {
    sheets[job.case.id] = await fetchSheet(store, job).catch((reason: unknown) => {
      const kept = before?.sheets[job.case.id];
      if (kept && reason instanceof Fault) return kept;
      throw reason;
    });
    tell(++done, own.jobs.length);
  });
  await dropOldPictures(store, sheets);
  return { own, legs: await fetchLegs(own), sheets };
}

async function fetchSheet(store: FieldStore, job: OwnJob): Promise<Sheet> {
  const asked = { path: { case_id: job.case.id } };
  const [file, history] = await Promise.all([get("/api/v1/cases/{case_id}", asked), get("/api/v1/cases/{case_id}/timeline", asked)]);
  const ids = (file.properties as { flag_ids?: string[] }).flag_ids ?? [];
  const flags = await Promise.all(ids.slice(0, 6).map((flag_id) => get("/api/v1/flags/{flag_id}", { path: { flag_id } })));
  const form = (await send("GET", `/api/v1/inspections/${job.visit.id}`)) as FormOfVisit;
  return { caseId: job.case.id, file, history, flags, form, pictures: await fetchPictures(store, flags), place: await fetchPlace(job) };
}

async function fetchPlace(job: OwnJob): Promise<Sheet["place"]> {
  const { lon, lat } = job.case;
  if (lon === null || lon === undefined || lat === null || lat === undefined) return null;
  return get("/api/v1/places", { query: { lon, lat } }).catch(() => null);
}

async function fetchPictures(store: FieldStore, flags: readonly FlagSheet[]): Promise<string[]> {
  const observations = [...new Set(flags.map((flag) => (flag.properties as { observation_id: string }).observation_id))];
  const found: string[] = [];
  for (const observation_id of observations.slice(0, PICTURES_PER_JOB)) {
    const seen = await get("/api/v1/observations/{observation_id}", { path: { observation_id } }).catch(() => null);
    const media = (seen?.properties as unknown as { media: { redacted_url: string; content_type: string } } | undefined)?.media;
    const url = media?.redacted_url;
    if (!url || !media.content_type.startsWith("image/")) continue;
    if (!(await store.count("bytes", pictureKey(observation_id)))) {
      if ((await usedBytes()) > CACHE_LIMIT_BYTES) continue;
      const answer = await ask("GET", new URL(url, location.origin).pathname);
      if (!answer.ok) continue;
      await store.put("bytes", await answer.arrayBuffer(), pictureKey(observation_id));
    }
    found.push(observation_id);
  }
  return found;
}

export function pictureKey(observation: string): string {
  return `picture:${observation}`;
}

async function dropOldPictures(store: FieldStore, sheets: Record<string, Sheet>): Promise<void> {
  const wanted = new Set(Object.values(sheets).flatMap((sheet) => sheet.pictures.map(pictureKey)));
  for (const key of await store.getAllKeys("bytes")) {
    if (key.startsWith("picture:") && !wanted.has(key)) await store.delete("bytes", key);
  }
}

/** The travel order that was planned for today; none is no fault. */
async function fetchLegs(own: OwnDay): Promise<Record<string, Leg>> {
  try {
    const answer = (await send("GET", `/api/v1/routes?day=${own.day}`)) as { routes: { stops: PlannedStop[] }[] };
    const stops = answer.routes.flatMap((route) => route.stops);
    return Object.fromEntries(stops.map((stop) => [stop.case_id, { number: stop.number, distance_m: stop.distance_m, isAlongStreets: stop.method === "street" }]));
  } catch {
    return {};
  }
}

interface PlannedStop {
  case_id: string;
  number: number;
  distance_m: number;
  method: string;
}

/** The tile addresses that the map's own style names, so that the phone keeps just what it will draw. */
export async function listTileTemplates(city: string): Promise<string[]> {
  const style = (await send("GET", `/tiles/style.json?city=${city}&theme=sun`)) as { sources: Record<string, { tiles?: string[] }> };
  return Object.values(style.sources).flatMap((source) => (source.tiles ?? []).slice(0, 1));
}

/** Puts the ward's tiles into the cache that the service worker answers from. Returns how many are there. */
export async function fetchTiles(templates: readonly string[], bounds: Bounds, tell: Told): Promise<number> {
  const addresses = templates.flatMap((template) => tilesOver(bounds, TILE_ZOOMS, MOST_TILES).map((tile) => fill(template, tile)));
  const cache = await caches.open(TILE_CACHE);
  let done = 0;
  await each(addresses, async (address) => {
    if (!(await cache.match(address)) && (await usedBytes()) < CACHE_LIMIT_BYTES) {
      const answer = await fetch(address, { credentials: "same-origin" }).catch(() => null);
      if (answer?.ok) await cache.put(address, answer);
    }
    tell(++done, addresses.length);
  });
  return done;
}

/** What this application holds on the device, by the browser's own account. */
export async function usedBytes(): Promise<number> {
  return (await navigator.storage?.estimate?.())?.usage ?? 0;
}

/** A few at a time, so that a slow network is not asked for everything at once. */
async function each<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const rest = [...items];
  const worker = async (): Promise<void> => {
    for (let item = rest.shift(); item !== undefined; item = rest.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, items.length) }, worker));
}
