// The service worker: the application opens without network, the ward's map is answered from the phone, nothing else is kept.
import { cleanupOutdatedCaches, precacheAndRoute, type PrecacheEntry } from "workbox-precaching";
import { registerRoute, NavigationRoute } from "workbox-routing";
import { NetworkFirst } from "workbox-strategies";
import { isJson } from "./api/fault";
import { LAST_KNOWN } from "./api/last_known";
import { TILE_CACHE } from "./field/tiles";
import { MAP_WORKER } from "./map/worker_address";

declare const self: ServiceWorkerGlobalScope & { __WB_MANIFEST: (string | PrecacheEntry)[] };

const FRAME = "/app/";
const MAP_FRAME = "/app/map"; // names the map's scripts too, which are the largest
const FRAME_CACHE = "viahe-frame";
const GROUND_CACHE = "viahe-ground";
const GROUND = /^\/tiles\/(base|city-[^/]+)\/\d+\/\d+\/\d+\.pbf$/;
const MOST_GROUND = 60; // some screens of a phone, about half a megabyte

precacheAndRoute(self.__WB_MANIFEST);
cleanupOutdatedCaches();

// The frame belongs to the scripts of this very version: it is fetched when the version is installed, and served from here.
self.addEventListener("install", (event) => event.waitUntil(keepFrame()));
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("message", (event) => {
  if ((event.data as { type?: string } | null)?.type === "SKIP_WAITING") void self.skipWaiting();
});

async function keepFrame(): Promise<void> {
  const cache = await caches.open(FRAME_CACHE);
  for (const frame of [MAP_FRAME, FRAME]) {
    const answer = await fetch(frame, { credentials: "same-origin", cache: "reload" });
    if (answer.ok && !answer.redirected) await cache.put(frame, answer);
  }
}

/** From this phone at once; a person who was never signed in here gets the server's answer. */
async function answerFrame(request: Request): Promise<Response> {
  const cache = await caches.open(FRAME_CACHE);
  const isMap = new URL(request.url).pathname.startsWith(MAP_FRAME);
  const kept = (isMap ? await cache.match(MAP_FRAME) : undefined) ?? (await cache.match(FRAME));
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok && !answer.redirected) void keepFrame();
  return answer;
}

registerRoute(new NavigationRoute(({ request }) => answerFrame(request), { allowlist: [/^\/app\//] }));

// Who is signed in, the words of codes, the map's style: the server's when it answers in time, else the last ones known.
// A page to sign in, which stands in for data once a session has ended, never takes the place of what is kept.
const onlyData = { cacheWillUpdate: async ({ response }: { response: Response }) => (response.ok && !response.redirected && isJson(response) ? response : null) };
const lastKnown = new NetworkFirst({ cacheName: LAST_KNOWN, networkTimeoutSeconds: 3, plugins: [onlyData] });
registerRoute(({ url }) => ["/api/v1/me", "/app/words.json", "/tiles/style.json"].includes(url.pathname), lastKnown);

// The map's worker asks for tiles. A worker is served by this one only when its own address lies below /app/, so it is
// started by a line there that loads the built script (`make_map.ts`; the server answers the same where nothing is installed).
registerRoute(({ url }) => url.pathname.startsWith(MAP_WORKER), ({ url }) => {
  const file = url.pathname.slice(MAP_WORKER.length);
  return Promise.resolve(new Response(`import "/static/app/assets/${file}";`, { headers: { "Content-Type": "text/javascript" } }));
});

// Tiles that somebody asked to keep, and the last ones of the base map, which is everybody's, so that the map is there at
// once: answered from the phone and renewed behind. All others pass.
registerRoute(
  ({ url }) => url.origin === self.location.origin && /^\/tiles\/.+\.pbf$/.test(url.pathname),
  async ({ request, url, event }) => {
    const isGround = GROUND.test(url.pathname) && !url.search;
    const names = isGround ? [TILE_CACHE, GROUND_CACHE] : [TILE_CACHE];
    const found = await Promise.all(names.map(async (name) => ({ name, kept: await caches.match(request.url, { cacheName: name }) })));
    for (const { name, kept } of found) {
      if (!kept) continue;
      event.waitUntil(renewLater(request.url, name));
      return kept;
    }
    if (!isGround) return fetch(request);
    const answer = await fetch(request);
    if (answer.ok) event.waitUntil(keepGround(request.url, answer.clone()));
    return answer;
  },
);

const RENEWED_AFTER_MS = 5_000; // what is looked at now must not wait for what is kept for later
const waiting = new Set<string>();

async function renewLater(url: string, name: string): Promise<void> {
  if (waiting.has(url)) return;
  waiting.add(url);
  await new Promise((done) => setTimeout(done, RENEWED_AFTER_MS));
  waiting.delete(url);
  await renew(url, name);
}

async function renew(url: string, name: string): Promise<void> {
  const fresh = await fetch(url, { credentials: "same-origin" }).catch(() => null);
  if (fresh?.ok) await (name === GROUND_CACHE ? keepGround(url, fresh) : (await caches.open(name)).put(url, fresh));
}

/** Keeps a tile of the base map, and forgets the ones that were looked at longest ago. */
async function keepGround(url: string, answer: Response): Promise<void> {
  const cache = await caches.open(GROUND_CACHE);
  await cache.delete(url);
  await cache.put(url, answer);
  const kept = await cache.keys();
  await Promise.all(kept.slice(0, Math.max(0, kept.length - MOST_GROUND)).map((old) => cache.delete(old)));
}
