// The shapes of a case's file and what is counted from them. Pure.
import type { Answer } from "../api/client";

export type CaseFile = Answer<"/api/v1/case-files/{code}">;
export type Visit = CaseFile["visits"][number];
export type Flag = CaseFile["flags"][number];
export type LateForm = CaseFile["late_forms"][number];
export type Clocks = Answer<"/api/v1/cases/{case_id}/clocks">;
export type Clock = Clocks["clocks"][number];
export type Voice = Answer<"/api/v1/cases/{case_id}/voices">[number];
export type Opening = Answer<"/api/v1/openings">[number];
export type Preview = Answer<"/api/v1/cases/{case_id}/publication">;

export interface StepShare {
  step: string;
  part: string;
  clock_s: number;
  wall_s: number;
  /** Of the counted time, 0 to 1; a pause is not counted and has none. */
  share: number;
  /** What of the lateness falls on it, in seconds of the clock. */
  late_s: number;
}

/** Where a clock's time went, and its lateness laid on the steps by their share of the counted time; sums to `late_s`. */
export function takeApart(clock: Pick<Clock, "spent" | "late_s">): StepShare[] {
  const counted = (one: Clock["spent"][number]): number => (one.part === "pause" ? 0 : one.clock_s);
  const all = clock.spent.reduce((sum, one) => sum + counted(one), 0);
  return clock.spent.map((one) => {
    const share = all ? counted(one) / all : 0;
    return { ...one, share, late_s: clock.late_s * share };
  });
}

/** Reasons that may hold this clock still: those without clocks hold for all; one used up is left out. */
export function reasonsFor(clocks: Clocks, clock: Clock): Clocks["pause_reasons"] {
  const used = (code: string): number => clock.pauses.filter((pause) => pause.reason === code).length;
  return clocks.pause_reasons.filter((one) => (!one.clocks.length || one.clocks.includes(clock.code)) && (!one.most || used(one.code) < one.most));
}
