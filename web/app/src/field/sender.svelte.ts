// Carries the outbox to the server, one change at a time, in one tab at a time (a lock shared by all tabs of this phone).
import { ask } from "../api/client";
import { Fault, isJson, readFault } from "../api/fault";
import { judge, nextToSend, waitBefore, type Sent, type Verdict } from "./outbox";
import { asForm } from "./record";
import type { FieldStore } from "./store";
import type { Draft, Outgoing, Shot } from "./values";

const LOCK = "viahe-field-sender";
const OTHER_TAB_MS = 5_000;

export class Sender {
  isSending = $state(false);
  /** The server wants the person to sign in again before it takes anything. */
  needsSignIn = $state(false);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isStopped = false;
  #isAwake = false;
  #isCalled = false;

  constructor(private store: FieldStore, private changed: () => void) {}

  /** Sends all that waits; harmless when nothing does, or when another tab is at it. */
  wake(): void {
    clearTimeout(this.#timer);
    this.#isCalled = true;
    if (this.#isStopped || this.#isAwake) return;
    this.#isAwake = true;
    void this.#answerCalls().finally(() => (this.#isAwake = false));
  }

  /** A call that comes while a sending fails (the network is back just now) is not lost: it is tried once more. */
  async #answerCalls(): Promise<void> {
    while (this.#isCalled && !this.#isStopped) {
      this.#isCalled = false;
      await navigator.locks.request(LOCK, { ifAvailable: true }, async (lock) => (lock ? this.#run() : this.#later(OTHER_TAB_MS)));
    }
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  async #run(): Promise<void> {
    this.isSending = true;
    try {
      for (;;) {
        const item = nextToSend(await this.store.getAllFromIndex("outbox", "number"));
        if (!item || this.#isStopped) return;
        const sent = await this.#send(item);
        const verdict = judge(item.kind, sent);
        await this.#note(item, sent, verdict);
        this.needsSignIn = verdict === "sign_in";
        if (verdict === "later" || verdict === "sign_in") return this.#later(waitBefore(item.tries + 1, Math.random()));
      }
    } finally {
      this.isSending = false;
      this.changed();
    }
  }

  #later(wait: number): void {
    if (this.#isStopped) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.wake(), wait);
  }

  async #note(item: Outgoing, sent: Sent, verdict: Verdict): Promise<void> {
    const fault = sent.ok ? (sent.conflict ? { kind: sent.conflict, message: "", cure: "" } : null) : { kind: sent.kind, message: sent.message, cure: sent.cure };
    const state = verdict === "done" ? "sent" : verdict === "needs_person" || verdict === "with_leader" ? verdict : "waiting";
    await this.store.put("outbox", { ...item, state, tries: item.tries + 1, fault });
    this.changed();
  }

  async #send(item: Outgoing): Promise<Sent> {
    try {
      const answer = await this.#ask(item);
      if (!answer.ok || !isJson(answer)) throw await readFault(answer);
      const said = (await answer.json()) as { photo_id?: string; sha256?: string; state?: string; conflict?: string };
      if (item.kind === "shot") await this.#confirm(item.key, said.photo_id ?? "", said.sha256 ?? "");
      return { ok: true, conflict: said.state === "conflict" ? (said.conflict ?? "changed") : "" };
    } catch (reason) {
      const fault = reason instanceof Fault ? reason : new Fault("broken", 0, [], String(reason));
      return { ok: false, kind: fault.kind, message: fault.message, cure: fault.cure };
    }
  }

  async #ask(item: Outgoing): Promise<Response> {
    const base = `/api/v1/inspections/${item.visit}`;
    if (item.kind === "step") return ask("POST", `${base}/moves`, { body: JSON.stringify(item.body) });
    if (item.kind === "shot") return ask("POST", `${base}/photos`, { body: await this.#readShot(item.key) });
    const form = asForm(item.body as unknown as Draft, await this.#confirmedIds(item.visit), item.madeAt, Date.now());
    return ask("POST", `${base}/forms`, { body: JSON.stringify(form), headers: { "Idempotency-Key": item.key } });
  }

  async #readShot(id: string): Promise<FormData> {
    const [shot, bytes] = await Promise.all([this.store.get("shots", id), this.store.get("bytes", id)]);
    if (!shot || !bytes) throw new Fault("wrong", 0, [], "the picture is no longer on this device");
    return asUpload(shot, bytes);
  }

  /** Only the very bytes that were taken count as sent: the server says which hash it has. */
  async #confirm(id: string, mediaId: string, sha256: string): Promise<void> {
    const shot = await this.store.get("shots", id);
    if (!shot) return;
    if (sha256 !== shot.sha256 || !mediaId) throw new Fault("broken", 0, [], "the server has other bytes than were taken");
    await this.store.put("shots", { ...shot, mediaId });
  }

  async #confirmedIds(visit: string): Promise<{ photos: string[]; signature: string }> {
    const shots = (await this.store.getAllFromIndex("shots", "visit", visit)).filter((shot) => shot.mediaId);
    const ids = (isWanted: (shot: Shot) => boolean): string[] => shots.filter(isWanted).map((shot) => shot.mediaId);
    // A spoken note belongs to the visit by itself and is no picture of the record.
    return { photos: ids(({ kind }) => kind !== "signature" && kind !== "voice"), signature: ids(({ kind }) => kind === "signature").at(-1) ?? "" };
  }
}

function asUpload(shot: Shot, bytes: ArrayBuffer): FormData {
  const form = new FormData();
  form.set("photo", new File([bytes], shot.name, { type: shot.type }));
  form.set("sha256", shot.sha256);
  form.set("role", shot.kind);
  form.set("taken_at", new Date(shot.takenAt).toISOString());
  return form;
}
