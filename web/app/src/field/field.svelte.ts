// The shift on this phone: what is at hand, what is being filled in, and what still has to leave. One object for all views.
import { ask } from "../api/client";
import { Fault, isJson, readFault } from "../api/fault";
import { keepUnsent, type Day, type OnPhone, type OwnDay } from "./day";
import { forgetCaches } from "../offline.svelte";
import { session } from "../session.svelte";
import { fetchDay, fetchTiles, listTileTemplates, usedBytes } from "./packing";
import type { Bounds } from "./tiles";
import { enqueue, openStore, wipe, type FieldStore } from "./store";
import { Sender } from "./sender.svelte";
import { emptyDraft, isBegun, type Draft, type Outgoing } from "./values";
import { isOpen, tally } from "./outbox";

const TODAY = "today";
const REFRESH_MS = 60_000;

class Field {
  day = $state.raw<Day | null>(null);
  hadAt = $state.raw<Date | null>(null);
  fault = $state.raw<Fault | null>(null);
  packing = $state.raw<{ done: number; of: number } | null>(null);
  items = $state.raw<readonly Outgoing[]>([]);
  /** False until this device's storage was read: before that nothing is said about what has been sent. */
  isRead = $state(false);
  savedAt = $state.raw<Date | null>(null);
  storageFault = $state("");
  isOnline = $state(navigator.onLine);
  usedBytes = $state(0);
  sender: Sender | null = $state.raw(null);
  tally = $derived(tally(this.items));
  #store: FieldStore | null = null;
  #who = "";
  #timer: ReturnType<typeof setInterval> | undefined;

  get store(): FieldStore {
    if (!this.#store) throw new Fault("broken", 0, [], "the device's storage is not open");
    return this.#store;
  }

  /** Opens this person's storage, shows what is in it at once, then asks the server. The returned function stops asking. */
  async open(username: string): Promise<void> {
    if (this.#who === username) return;
    this.#who = username;
    this.#store = await openStore(username);
    const kept = await this.#store.get("days", TODAY);
    if (kept) [this.day, this.hadAt] = [kept.day, new Date(kept.hadAt)];
    await Promise.all([this.readOutbox(), this.measure()]);
    this.sender = new Sender(this.#store, () => void this.readOutbox());
    this.#listen();
    this.sender.wake();
    await this.refresh();
  }

  /** Asks for the day; on success everything that a shift without network needs is fetched too. */
  async refresh(): Promise<void> {
    try {
      const kept = await this.store.get("days", TODAY);
      const answer = await ask("GET", "/api/v1/own-day", { headers: kept?.etag ? { "If-None-Match": kept.etag } : {} });
      if (answer.status !== 304) await this.#take(answer, kept?.day ?? null);
      else if (kept) await this.store.put("days", { ...kept, hadAt: Date.now() }, TODAY);
      [this.fault, this.hadAt] = [null, new Date()];
    } catch (reason) {
      this.fault = reason instanceof Fault ? reason : this.#tellStorage(reason);
    } finally {
      this.packing = null;
    }
  }

  async #take(answer: Response, before: Day | null): Promise<void> {
    if (!answer.ok || !isJson(answer)) throw await readFault(answer);
    const { own, away } = keepUnsent((await answer.json()) as OwnDay, before?.own ?? null, await this.#listOnPhone());
    const day = { ...(await fetchDay(this.store, own, before, (done, of) => (this.packing = { done, of }))), away };
    await this.store.put("days", { day, hadAt: Date.now(), etag: answer.headers.get("ETag") ?? "" }, TODAY);
    this.day = day;
  }

  async #listOnPhone(): Promise<OnPhone> {
    const [items, drafts] = await Promise.all([this.store.getAll("outbox"), this.store.getAll("drafts")]);
    return {
      unsent: new Set([...items.filter(isOpen), ...drafts.filter(isBegun)].map((one) => one.visit)),
      handedIn: new Set(items.filter((item) => item.kind === "record" && item.state === "waiting").map((item) => item.visit)),
    };
  }

  /** Lets go of a form of a visit that somebody else has by now; its job leaves the list. */
  async dropDraft(visit: string): Promise<void> {
    await this.store.delete("drafts", visit);
    this.finish(visit);
  }

  async readDraft(visit: string, caseId: string, code: string, version: number): Promise<Draft> {
    return (await this.store.get("drafts", visit)) ?? emptyDraft(visit, caseId, code, version, Date.now());
  }

  /** Saves a form at every touch; a full storage is told and nothing on the screen is lost. */
  async save(draft: Draft): Promise<boolean> {
    try {
      await this.store.put("drafts", { ...$state.snapshot(draft), savedAt: Date.now() });
      [this.savedAt, this.storageFault] = [new Date(), ""];
      return true;
    } catch (reason) {
      this.#tellStorage(reason);
      return false;
    }
  }

  async send(item: Pick<Outgoing, "kind" | "visit" | "caseCode" | "body">, key: string, drop?: { draft: string }): Promise<void> {
    await enqueue(this.store, { ...item, key, madeAt: Date.now(), state: "waiting", tries: 0, fault: null }, drop);
    await this.readOutbox();
    this.sender?.wake();
  }

  async readOutbox(): Promise<void> {
    this.items = await this.store.getAllFromIndex("outbox", "number");
    this.isRead = true;
  }

  /** After a refusal: send once more as it is, or let go of the change (what was typed stays in the history of the outbox). */
  async settle(item: Outgoing, how: "again" | "let_go"): Promise<void> {
    await this.store.put("outbox", { ...item, state: how === "again" ? "waiting" : "let_go", tries: 0 });
    await this.readOutbox();
    if (how === "again") this.sender?.wake();
  }

  /** The visit is over on this phone: its job leaves the list at once, whatever the network does. */
  finish(visit: string): void {
    if (!this.day) return;
    const jobs = this.day.own.jobs.filter((job) => job.visit.id !== visit);
    this.day = { ...this.day, own: { ...this.day.own, jobs } };
    void this.store.put("days", { day: this.day, hadAt: this.hadAt?.getTime() ?? Date.now(), etag: "" }, TODAY);
  }

  async takeMap(): Promise<void> {
    const bounds = this.day?.own.bounds;
    if (!bounds) return;
    this.packing = { done: 0, of: 0 };
    const templates = await listTileTemplates(session.city?.slug ?? "");
    await fetchTiles(templates, bounds as unknown as Bounds, (done, of) => (this.packing = { done, of }));
    this.packing = null;
    await this.measure();
  }

  async measure(): Promise<void> {
    this.usedBytes = await usedBytes();
  }

  /** Frees room: bytes of photos that the server confirmed by their hash, and of nothing else. */
  async removeSent(): Promise<void> {
    for (const shot of await this.store.getAll("shots")) if (shot.mediaId) await this.store.delete("bytes", shot.id);
    this.storageFault = "";
    await this.measure();
  }

  tell(reason: unknown): void {
    this.#tellStorage(reason);
  }

  async leave(): Promise<void> {
    clearInterval(this.#timer);
    this.sender?.stop();
    this.#store?.close();
    if (this.#who) await wipe(this.#who);
    await forgetCaches();
    [this.#store, this.#who, this.day] = [null, "", null];
  }

  #tellStorage(reason: unknown): Fault {
    const name = reason instanceof DOMException ? reason.name : "";
    this.storageFault = name === "QuotaExceededError" ? "full" : String(reason);
    return new Fault("broken", 0, [], this.storageFault);
  }

  #listen(): void {
    const online = (): void => {
      this.isOnline = navigator.onLine;
      if (this.isOnline) {
        this.sender?.wake();
        void this.refresh();
      }
    };
    addEventListener("online", online);
    addEventListener("offline", online);
    document.addEventListener("visibilitychange", () => { if (!document.hidden) online(); });
    this.#timer = setInterval(() => { if (!document.hidden && navigator.onLine) void this.refresh(); }, REFRESH_MS);
    void navigator.storage?.persist?.();
  }
}

export const field = new Field();
