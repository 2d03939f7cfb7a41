// What a shift consists of on the phone: the day's jobs as the server gave them, and what was done with them here.

export type Outcome =
  | "violation" | "fined_on_spot" | "warned" | "stop_ordered" | "handed_over"
  | "no_violation" | "gone" | "undetermined" | "no_access";

export const OUTCOMES_WITH_REASON: readonly Outcome[] = ["undetermined", "no_access", "handed_over"];
/** These confirm a breach, so that the one who committed it stands in the record, with signature or why there is none. */
export const OUTCOMES_WITH_PARTY: readonly Outcome[] = ["violation", "fined_on_spot", "warned", "stop_ordered"];
export const OUTCOMES_WITH_ACTS: readonly Outcome[] = ["violation", "fined_on_spot"];
export const PHOTO_KINDS = ["overview", "measure", "detail"] as const;
export type PhotoKind = (typeof PHOTO_KINDS)[number];
export const NEEDED_PHOTOS = 2;
export const NOTE_MAX = 4000;
export const WIDTH_MAX_M = 100;

/** One form being filled in, saved at every touch. `width_cm` is the tape's figure; null until somebody measured. */
export interface Draft {
  visit: string;
  caseId: string;
  caseCode: string;
  version: number;
  width_cm: number | null;
  outcome: Outcome | "";
  reason: string;
  note: string;
  /** Answers of the checklist by the code of the question. */
  answers: Record<string, boolean | number | string>;
  acts: string[];
  party: { name: string; id_number: string; address: string; statement: string };
  /** Strokes of the signature, in thousandths of its field's width; empty when refused. */
  signature: number[][];
  unsignedWhy: string;
  savedAt: number;
}

/** A picture taken on site, of a signature, or a spoken note. The original's bytes lie beside it; `sha256` was taken when it was. */
export interface Shot {
  id: string;
  visit: string;
  kind: PhotoKind | "signature" | "voice";
  name: string;
  type: string;
  size: number;
  sha256: string;
  takenAt: number;
  lon: number | null;
  lat: number | null;
  accuracy_m: number | null;
  /** Id that the server gave when it confirmed the very same hash; empty until then. */
  mediaId: string;
}

export type SendState = "waiting" | "sent" | "needs_person" | "with_leader" | "let_go";

/** One change on its way to the server. `key` makes sending it twice the same as once; `number` keeps the order. */
export interface Outgoing {
  key: string;
  number: number;
  kind: "step" | "shot" | "record";
  visit: string;
  caseCode: string;
  body: Record<string, unknown>;
  madeAt: number;
  state: SendState;
  tries: number;
  /** What the server said when it did not accept: its words and cure, for the person to settle. */
  fault: { kind: string; message: string; cure: string } | null;
}

export function emptyDraft(visit: string, caseId: string, caseCode: string, version: number, now: number): Draft {
  return {
    visit, caseId, caseCode, version, width_cm: null, outcome: "", reason: "", note: "", answers: {}, acts: [],
    party: { name: "", id_number: "", address: "", statement: "" }, signature: [], unsignedWhy: "", savedAt: now,
  };
}

/** Whether a person put anything into the form; one that was only opened is no work. */
export function isBegun(draft: Draft): boolean {
  const untouched = emptyDraft(draft.visit, draft.caseId, draft.caseCode, draft.version, draft.savedAt);
  return (Object.keys(untouched) as (keyof Draft)[]).some((name) => JSON.stringify(draft[name]) !== JSON.stringify(untouched[name]));
}

/** What is still missing before the record can be handed in, in the order of the form; empty when it is whole. */
export type Lack = "photos" | "outcome" | "reason" | "acts" | "checks" | "signature" | "note";

/** What the server said may be asked and named for the use of this visit. */
export interface FormOfVisit {
  checklist: { code: string; vi: string; en: string; kind: string; unit: string; is_required: boolean; choices: string[] }[];
  acts: { code: string; vi: string; en: string }[];
}

export function lacks(draft: Draft, photos: number, form: FormOfVisit): Lack[] {
  const { outcome } = draft;
  const isIn = (set: readonly Outcome[]): boolean => outcome !== "" && set.includes(outcome);
  const open = form.checklist.some((item) => item.is_required && draft.answers[item.code] === undefined);
  const found: [Lack, boolean][] = [
    ["photos", outcome !== "no_access" && photos < NEEDED_PHOTOS],
    ["outcome", outcome === ""],
    ["reason", isIn(OUTCOMES_WITH_REASON) && !draft.reason.trim()],
    ["acts", isIn(OUTCOMES_WITH_ACTS) && form.acts.length > 0 && !draft.acts.length],
    ["checks", isIn(OUTCOMES_WITH_ACTS) && open],
    ["signature", isIn(OUTCOMES_WITH_PARTY) && !draft.signature.length && !draft.unsignedWhy.trim()],
    ["note", draft.note.trim().length > NOTE_MAX],
  ];
  return found.filter(([, isMissing]) => isMissing).map(([name]) => name);
}

/** A width in metres from what was typed on a keypad ("1,05", "1.05", "105 cm"); null when it is none. */
export function readWidth(text: string): number | null {
  const words = text.trim().toLowerCase().replace(",", ".");
  const found = /^(\d+(?:\.\d+)?)\s*(cm|m)?$/.exec(words);
  if (!found?.[1]) return null;
  const value = Number(found[1]) / (found[2] === "cm" ? 100 : 1);
  return value >= 0 && value <= WIDTH_MAX_M ? value : null;
}
