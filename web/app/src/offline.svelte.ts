// Registers the service worker, tells when a newer version waits, and empties the caches when somebody signs out.
import { SIGN_IN_KEY } from "./api/last_known";

const SCRIPT = "/app/sw.js";

/** The browser's own wish to be asked whether the application may stand on the home screen; not every browser has it. */
interface InstallEvent extends Event { prompt: () => Promise<unknown> }

class Offline {
  /** Puts the application on the home screen; null where it is there already or the browser does that by itself. */
  install = $state.raw<(() => void) | null>(null);
  /** Loads the version that waits; null while this is the newest. Nothing is reloaded unasked: a form may be open. */
  newer = $state.raw<(() => void) | null>(null);
  isPossible = "serviceWorker" in navigator;

  async start(): Promise<void> {
    addEventListener("beforeinstallprompt", (event) => {
      event.preventDefault();
      this.install = () => { this.install = null; void (event as InstallEvent).prompt(); };
    });
    addEventListener("appinstalled", () => (this.install = null));
    if (!this.isPossible || !import.meta.env.PROD) return;
    await whenQuiet(); // what the worker keeps for later must not delay what is looked at now
    const { Workbox } = await import("workbox-window"); // nothing on the screen waits for it
    const worker = new Workbox(SCRIPT, { scope: "/app/" });
    worker.addEventListener("waiting", () => {
      this.newer = () => {
        worker.addEventListener("controlling", () => location.reload());
        worker.messageSkipWaiting();
      };
    });
    await worker.register().catch(() => undefined); // a browser that refuses it still has the application while online
  }
}

export const offline = new Offline();

const QUIET_MS = 4_000;
const LONGEST_MS = 20_000;

/** When nothing was fetched for a moment, or a while has passed; at once on a page that a worker serves already. */
async function whenQuiet(): Promise<void> {
  if (navigator.serviceWorker.controller) return;
  const began = performance.now();
  let last = began;
  const watch = new PerformanceObserver(() => (last = performance.now()));
  watch.observe({ type: "resource" });
  while (performance.now() - last < QUIET_MS && performance.now() - began < LONGEST_MS) {
    await new Promise((done) => setTimeout(done, 500));
  }
  watch.disconnect();
}

export async function forgetCaches(): Promise<void> {
  try { localStorage.removeItem(SIGN_IN_KEY); } catch { /* a browser without storage keeps nothing */ }
  if (!("caches" in globalThis)) return;
  await Promise.all((await caches.keys()).filter((name) => !name.includes("precache")).map((name) => caches.delete(name)));
}
