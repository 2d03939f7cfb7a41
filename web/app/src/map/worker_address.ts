// Where the map's worker is started: below /app/, so that the service worker, which reaches only what lies there, answers it.

export const MAP_WORKER = "/app/map-worker/";

/** The address below /app/ that stands for a built script of the worker. */
export function startedAt(built: string): string {
  return MAP_WORKER + built.slice(built.lastIndexOf("/") + 1);
}
