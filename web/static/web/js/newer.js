// Tells that the scripts of this page are gone from the server, since a newer application stands there, and loads that one when
// the reader wants. It lies outside the build, which it outlives; its words are in the page (#newer).
const FRAME_CACHE = "viahe-frame"; // as in src/sw.ts: the kept frame may name scripts that are gone
const LATE_MS = 2_000;

async function isGone(url) {
  try {
    return [404, 410].includes((await fetch(url, { method: "HEAD", cache: "no-store" })).status);
  } catch {
    return false;
  }
}

// What failed, where the browser names it; else whatever the page began with.
function listParts(reason) {
  const named = /(?:https?:\/\/|\/static\/)[^\s'")]+/.exec(reason?.message ?? "");
  const first = () => [...document.querySelectorAll("script[type=module], link[rel=modulepreload]")].map((part) => part.src || part.href);
  return named ? [named[0]] : first();
}

function tell(when) {
  const box = document.getElementById("newer");
  for (const words of box.querySelectorAll("[data-when]")) words.hidden = words.dataset.when !== when;
  box.hidden = false;
}

const stands = () => document.querySelector("#app main");

// Whether a newer application is there, told at once. A page on which nothing stands yet is told what else may be wrong.
globalThis.askNewer = async (reason) => {
  const gone = (await Promise.all(listParts(reason).map(isGone))).some(Boolean);
  if (gone) tell("gone");
  else if (!stands()) tell("unreached");
  return gone;
};

addEventListener("error", ({ target }) => { if (target instanceof HTMLScriptElement) void globalThis.askNewer(); }, true);
addEventListener("vite:preloadError", ({ payload }) => void globalThis.askNewer(payload));
// This file waits for nobody and nobody for it: what failed before it came is looked for once, where no worker has scripts of its own.
setTimeout(async () => {
  if (!stands() && !navigator.serviceWorker?.controller && (await Promise.all(listParts().map(isGone))).some(Boolean)) tell("gone");
}, LATE_MS);
document.addEventListener("click", async ({ target }) => {
  if (!target.closest("#newer button")) return;
  await globalThis.caches?.delete(FRAME_CACHE);
  location.reload();
});
