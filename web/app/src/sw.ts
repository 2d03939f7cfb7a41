// The service worker: the application opens without network, the ward's map is answered from the phone, nothing else is kept.
import { cleanupOutdatedCaches, precacheAndRoute, type PrecacheEntry } from "workbox-precaching";
import { registerRoute, NavigationRoute } from "workbox-routing";
import { NetworkFirst } from "workbox-strategies";
import { TILE_CACHE } from "./field/tiles";

declare const self: ServiceWorkerGlobalScope & { __WB_MANIFEST: (string | PrecacheEntry)[] };

const FRAME = "/app/";
const FRAME_CACHE = "viahe-frame";

precacheAndRoute(self.__WB_MANIFEST);
cleanupOutdatedCaches();

// The frame belongs to the scripts of this very version: it is fetched when the version is installed, and served from here.
self.addEventListener("install", (event) => event.waitUntil(keepFrame()));
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("message", (event) => {
  if ((event.data as { type?: string } | null)?.type === "SKIP_WAITING") void self.skipWaiting();
});

async function keepFrame(): Promise<void> {
  const answer = await fetch(FRAME, { credentials: "same-origin", cache: "reload" });
  if (answer.ok && !answer.redirected) await (await caches.open(FRAME_CACHE)).put(FRAME, answer);
}

/** From this phone at once; a person who was never signed in here gets the server's answer. */
async function answerFrame(request: Request): Promise<Response> {
  const kept = await (await caches.open(FRAME_CACHE)).match(FRAME);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok && !answer.redirected) void keepFrame();
  return answer;
}

registerRoute(new NavigationRoute(({ request }) => answerFrame(request), { allowlist: [/^\/app\//] }));

// Who is signed in, the words of codes, the map's style: the server's when it answers in time, else the last ones known.
const lastKnown = new NetworkFirst({ cacheName: "viahe-last-known", networkTimeoutSeconds: 3 });
registerRoute(({ url }) => ["/api/v1/me", "/app/words.json", "/tiles/style.json"].includes(url.pathname), lastKnown);

// Only tiles that somebody asked to keep are in the cache: answered from there and renewed behind, all others pass.
registerRoute(
  ({ url }) => url.origin === self.location.origin && /^\/tiles\/.+\.pbf$/.test(url.pathname),
  async ({ request }) => {
    const cache = await caches.open(TILE_CACHE);
    const kept = await cache.match(request.url);
    if (!kept) return fetch(request);
    void fetch(request.url, { credentials: "same-origin" }).then((fresh) => (fresh.ok ? cache.put(request.url, fresh) : undefined), () => undefined);
    return kept;
  },
);
