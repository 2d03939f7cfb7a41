// The map's worker, started while the map library still travels: it reads its own half of that library meanwhile.
import workerUrl from "virtual:map-worker";
import { startedAt } from "./worker_address";

let early: Worker | null = null;
const start = (): Worker => new Worker(startedAt(workerUrl), { type: "module" });

/** For a visit that opens with a map. */
export function startWorkerEarly(): void {
  early ??= start();
}

/** How the map library gets its worker (`map_library.ts` puts this in the place of the library's own); the early one is taken once. */
export function workerFactory(): Promise<Worker> {
  const worker = early ?? start();
  early = null;
  return Promise.resolve(worker);
}
