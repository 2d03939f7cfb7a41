// The style of the map, asked for as soon as it is known which city: while the map library still travels.
import type { StyleSpecification } from "maplibre-gl";
import { send } from "../api/client";
import { readLastKnown } from "../api/last_known";
import { tilesInFrame } from "./frame_tiles";
import type { Frame } from "./link";

const asked = new Map<string, Promise<StyleSpecification>>();

export function styleAddress(city: string, theme: string, on: string): string {
  return `/tiles/style.json?${new URLSearchParams({ city, theme, ...(on ? { on } : {}) })}`;
}

/** The style of an address; what was asked for early is taken once. */
export function fetchStyle(address: string): Promise<StyleSpecification> {
  const early = asked.get(address);
  asked.delete(address);
  return early ?? (send("GET", address) as Promise<StyleSpecification>);
}

/**
 * Asks for a style, and for the base map's tiles of the frame once it names them: the map library finds them in the browser's
 * store. An installed application begins with the style of its last visit, and keeps today's for the next when `after` is over.
 */
export function askEarly(address: string, frame: Frame | null, after: Promise<void>): void {
  if (asked.has(address)) return;
  const asking = readOrAsk(address, after);
  asked.set(address, asking);
  asking.then((style) => { if (!isInstalled()) warm(style, frame); }, () => asked.delete(address));
}

/** Then tiles come from this device in no time, and the map's worker, which is the one to read them, is there before the style. */
const isInstalled = (): boolean => !!navigator.serviceWorker?.controller;

async function readOrAsk(address: string, after: Promise<void>): Promise<StyleSpecification> {
  const ask = (): Promise<unknown> => send("GET", address);
  const kept = isInstalled() ? await readLastKnown(address).catch(() => null) : null;
  if (kept) void after.then(ask).catch(() => undefined);
  return (kept ?? (await ask())) as StyleSpecification;
}

function warm({ sources, center, zoom }: StyleSpecification, frame: Frame | null): void {
  const source = sources[BASE];
  const [lon = 0, lat = 0] = center ?? [];
  const heading = document.querySelector<HTMLElement>("header.top")?.offsetHeight ?? 0;
  const size = { width: innerWidth, height: innerHeight - heading };
  if (source?.type !== "vector") return;
  for (const url of tilesInFrame(source, frame ?? { lon, lat, zoom: zoom ?? 0 }, size)) void fetch(url, { credentials: "same-origin" }).catch(() => undefined);
}

export const BASE = "base";
const isOfBase = (layer: Layer): boolean => !("source" in layer) || layer.source === BASE || layer.source.startsWith("city-");
type Layer = StyleSpecification["layers"][number];

/** The same style with nothing drawn but the ground: areas and lines of the base map. Its words need letters drawn first, so they come next. */
export function onlyGround(style: StyleSpecification): StyleSpecification {
  const hide = (layer: Layer): Layer => (isOfBase(layer) && layer.type !== "symbol" ? layer : ({ ...layer, layout: { ...layer.layout, visibility: "none" } } as Layer));
  return { ...style, layers: style.layers.map(hide) };
}

/** The base map's words that the style itself shows. */
export function namesOf(style: StyleSpecification): string[] {
  return style.layers.filter((layer) => layer.type === "symbol" && isOfBase(layer) && layer.layout?.visibility !== "none").map((layer) => layer.id);
}

/** The sources that a style draws from. */
export function sourcesDrawn(style: StyleSpecification): string[] {
  return [...new Set(style.layers.flatMap((layer) => ("source" in layer && layer.layout?.visibility !== "none" ? [layer.source] : [])))];
}
