// A filled-in form as the server takes it, and which outcomes a use offers. Pure.
import { OUTCOMES_WITH_ACTS, OUTCOMES_WITH_PARTY, type Draft, type Outcome } from "./values";

const FOR_ALL: readonly Outcome[] = ["violation", "warned", "fined_on_spot", "no_violation", "gone", "undetermined", "no_access", "handed_over"];

/** Only building work can be ordered to stop, and is never fined on the spot. */
export function outcomesFor(use: string): Outcome[] {
  if (use !== "construction") return [...FOR_ALL];
  return FOR_ALL.flatMap((one): Outcome[] => (one === "violation" ? [one, "stop_ordered"] : one === "fined_on_spot" ? [] : [one]));
}

/** `photos` and `signature` are ids of the server, known once it confirmed the bytes. Times are this phone's. */
export function asForm(draft: Draft, ids: { photos: string[]; signature: string }, doneAt: number, sentAt: number): Record<string, unknown> {
  const outcome = draft.outcome as Outcome;
  return {
    outcome,
    reason: draft.reason.trim(),
    note: draft.note.trim(),
    measures: draft.width_cm === null ? [] : [{ kind: "free_width", value: draft.width_cm / 100, tool: "tape" }],
    checklist: draft.answers,
    acts: OUTCOMES_WITH_ACTS.includes(outcome) ? draft.acts : [],
    photos: ids.photos,
    parties: OUTCOMES_WITH_PARTY.includes(outcome) ? [partyOf(draft, ids.signature)] : [],
    done_at: new Date(doneAt).toISOString(),
    sent_at: new Date(sentAt).toISOString(),
    version: draft.version,
  };
}

function partyOf(draft: Draft, signature: string): Record<string, unknown> {
  const { statement, ...who } = draft.party;
  const identity = Object.fromEntries(Object.entries(who).map(([name, value]) => [name, value.trim()]).filter(([, value]) => value));
  const signed = signature ? { signature } : { unsigned_reason: draft.unsignedWhy.trim() };
  return { part: "violator", identity, statement: statement.trim(), ...signed };
}
