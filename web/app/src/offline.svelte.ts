// Registers the service worker, tells when a newer version waits, and empties the caches when somebody signs out.
const SCRIPT = "/app/sw.js";

class Offline {
  /** Loads the version that waits; null while this is the newest. Nothing is reloaded unasked: a form may be open. */
  newer = $state.raw<(() => void) | null>(null);
  isPossible = "serviceWorker" in navigator;

  async start(): Promise<void> {
    if (!this.isPossible || !import.meta.env.PROD) return;
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

export async function forgetCaches(): Promise<void> {
  if (!("caches" in globalThis)) return;
  await Promise.all((await caches.keys()).filter((name) => !name.includes("precache")).map((name) => caches.delete(name)));
}
