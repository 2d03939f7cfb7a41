// Keeps the report page and its parts on the phone, so that it opens without a network. Pages of others, answers and pictures
// are never kept. Its reach is /report/ alone.

const PAGE = "/report/";
const KEPT = "report-1";
const PATIENCE_MS = 4000;

self.addEventListener("install", (event) => event.waitUntil(keep(PAGE).then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate" && url.pathname === PAGE) event.respondWith(page(request));
  else if (url.pathname.startsWith("/static/web/")) event.respondWith(part(request));
});

async function keep(path) {
  const store = await caches.open(KEPT);
  await store.add(new Request(path, { cache: "reload", credentials: "same-origin" })).catch(() => undefined);
}

// The page of the network where there is one soon, else the one that was kept.
async function page(request) {
  const store = await caches.open(KEPT);
  const fresh = fetch(request).then(async (answer) => {
    if (answer.ok && answer.type === "basic" && !answer.redirected) await store.put(PAGE, answer.clone());
    return answer;
  });
  const late = new Promise((done) => setTimeout(done, PATIENCE_MS));
  const first = await Promise.race([fresh.catch(() => null), late]);
  return first ?? (await store.match(PAGE)) ?? fresh;
}

// Styles, scripts and letters: the network's, kept for the next time; the kept one where there is no network.
async function part(request) {
  const store = await caches.open(KEPT);
  try {
    const answer = await fetch(request);
    if (answer.ok) await store.put(request, answer.clone());
    return answer;
  } catch (fault) {
    const kept = await store.match(request, { ignoreSearch: true });
    if (kept) return kept;
    throw fault;
  }
}
