// In which order changes leave the phone, and what each answer of the server means for them. Pure.
import type { FaultKind } from "../api/fault";
import type { Outgoing } from "./values";

/** What happened to one sending. */
export type Sent = { ok: true; conflict: string } | { ok: false; kind: FaultKind; message: string; cure: string };

export type Verdict = "done" | "later" | "sign_in" | "needs_person" | "with_leader";

/** Oldest first; whatever comes after something that a person must settle for the same visit waits for it. */
export function nextToSend(items: readonly Outgoing[]): Outgoing | null {
  const ordered = [...items].sort((a, b) => a.number - b.number);
  const held = new Set<string>();
  for (const item of ordered) {
    if (item.state === "needs_person") held.add(item.visit);
    if (item.state === "waiting" && !held.has(item.visit)) return item;
  }
  return null;
}

/**
 * Offline, a busy or a broken server: again later. Signed out: after signing in. A form that came too late is kept by the server
 * for the leader. A step that somebody else has taken needs nobody: the form says what was found. All else is for the person.
 */
export function judge(kind: Outgoing["kind"], sent: Sent): Verdict {
  if (sent.ok) return sent.conflict ? "with_leader" : "done";
  if (kind === "step" && (sent.kind === "conflict" || sent.kind === "missing" || sent.kind === "refused")) return "done";
  if (sent.kind === "expired") return "sign_in";
  return sent.kind === "offline" || sent.kind === "busy" || sent.kind === "broken" ? "later" : "needs_person";
}

const FIRST_WAIT_MS = 2_000;
const LONGEST_WAIT_MS = 120_000;

/** Doubling from two seconds to two minutes, each stretched by up to a fifth so that a ward's phones do not knock at once. */
export function waitBefore(tries: number, chance: number): number {
  const wait = Math.min(FIRST_WAIT_MS * 2 ** Math.max(0, tries - 1), LONGEST_WAIT_MS);
  return Math.round(wait * (1 + 0.2 * chance));
}

export interface Tally {
  waiting: number;
  photos: number;
  needPerson: number;
}

/** Still only on this phone: not confirmed, and not let go of by the person. */
export function isOpen(item: Outgoing): boolean {
  return item.state === "waiting" || item.state === "needs_person";
}

export function tally(items: readonly Outgoing[]): Tally {
  const open = items.filter(isOpen);
  return {
    waiting: open.length,
    photos: open.filter((item) => item.kind === "shot").length,
    needPerson: items.filter((item) => item.state === "needs_person" || item.state === "with_leader").length,
  };
}
