// What a job's sheet says, out of the server's answers as they were taken along. Pure.
import type { FlagSheet, PlaceSheet, Sheet } from "./day";

export interface SaidFlag {
  id: string;
  verdict: string;
  verdictWords: string;
  title: string;
  reasons: string[];
  /** What was not known, and what the reader must know about the data. */
  notes: string[];
  citation: string;
  estimate: Estimate | null;
}

/** The machine's own measure of the free width, in metres, with its 1-sigma error and the limit it was held against. */
export interface Estimate {
  width_m: number;
  sigma_m: number;
  limit_m: number;
}

type RawReason = Pick<FlagSheet["properties"]["reasons"][number], "code" | "values">;

export function wordsOfFlag({ id, properties: { verdict, words, reasons } }: FlagSheet): SaidFlag {
  return {
    id, verdict,
    verdictWords: words.verdict_words,
    title: words.title,
    reasons: [...new Set(words.reasons)],
    notes: [...words.missing, ...words.notes],
    citation: words.citation,
    estimate: findEstimate(reasons),
  };
}

export function findEstimate(reasons: readonly RawReason[]): Estimate | null {
  for (const { code, values } of reasons) {
    const { width_m, sigma_m, limit_m } = values;
    if (code === "free_width" && typeof width_m === "number" && typeof sigma_m === "number" && typeof limit_m === "number") {
      return { width_m, sigma_m, limit_m };
    }
  }
  return null;
}

export function estimateOf(sheet: Sheet | null): Estimate | null {
  return (sheet?.flags ?? []).map((flag) => wordsOfFlag(flag).estimate).find((found) => found !== null) ?? null;
}

export interface SaidPermit {
  number: string;
  standing: string;
  issued_on: string | null;
  expires_on: string | null;
}

/** The permits on record, or null when the register has no data for this place: never read as none. */
export function sayPermits(place: PlaceSheet | null): SaidPermit[] | null {
  const answer = place as unknown as { permits?: SaidPermit[]; registers?: { register: string; coverage: string }[] } | null;
  if (!answer) return null;
  const isKnown = answer.registers?.some((state) => state.register === "permit" && state.coverage !== "no_data");
  return isKnown ? (answer.permits ?? []) : null;
}
