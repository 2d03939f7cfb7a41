// A view that stays fresh: asks again every few seconds by conditional request, so that nothing new costs no bytes.
import { ask } from "./client";
import { Fault, isJson, readFault } from "./fault";

export const EVERY_MS = 10_000;

/** The newest answer of an address, the moment it was had, and the fault of the last try (the old answer stays). */
export class Live<T> {
  value = $state.raw<T | null>(null);
  fault = $state.raw<Fault | null>(null);
  at = $state.raw<Date | null>(null);
  #etag = "";
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stopped = true;
  #asking: AbortController | null = null;

  constructor(private url: string, private everyMs = EVERY_MS) {}

  /** Starts asking; the returned function ends it. For `$effect`. */
  start(): () => void {
    this.#stopped = false;
    void this.refresh();
    const wake = (): void => { if (!document.hidden) void this.refresh(); };
    document.addEventListener("visibilitychange", wake);
    addEventListener("online", wake);
    return () => {
      this.#stopped = true;
      clearTimeout(this.#timer);
      this.#asking?.abort();
      document.removeEventListener("visibilitychange", wake);
      removeEventListener("online", wake);
    };
  }

  /** Another address (a filter changed): the old answer stays on show until the new one comes. */
  point(url: string): void {
    if (url === this.url) return;
    this.url = url;
    this.#etag = "";
    if (!this.#stopped) void this.refresh();
  }

  async refresh(): Promise<void> {
    clearTimeout(this.#timer);
    this.#asking?.abort();
    const mine = (this.#asking = new AbortController());
    try {
      const answer = await ask("GET", this.url, { signal: mine.signal, headers: this.#etag ? { "If-None-Match": this.#etag } : {} });
      if (mine.signal.aborted) return;
      if (answer.status !== 304) await this.#take(answer);
      this.fault = null;
      this.at = new Date();
    } catch (reason) {
      if (mine.signal.aborted) return;
      this.fault = reason instanceof Fault ? reason : new Fault("broken", 0);
    }
    if (!this.#stopped) this.#timer = setTimeout(() => void this.#tick(), this.everyMs);
  }

  async #tick(): Promise<void> {
    if (document.hidden) this.#timer = setTimeout(() => void this.#tick(), this.everyMs);
    else await this.refresh();
  }

  async #take(answer: Response): Promise<void> {
    if (!answer.ok || !isJson(answer)) throw await readFault(answer);
    this.value = (await answer.json()) as T;
    this.#etag = answer.headers.get("ETag") ?? "";
  }
}
