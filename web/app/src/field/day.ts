// The shift as it is taken along: the own jobs, and of each the sheet with evidence, place and history.
import type { Answer } from "../api/client";
import type { FormOfVisit } from "./values";

export type OwnDay = Answer<"/api/v1/own-day">;
export type OwnJob = OwnDay["jobs"][number];
export type CaseSheet = Answer<"/api/v1/cases/{case_id}">;
export type FlagSheet = Answer<"/api/v1/flags/{flag_id}">;
export type Step = Answer<"/api/v1/cases/{case_id}/timeline">[number];
export type PlaceSheet = Answer<"/api/v1/places">;

export interface Sheet {
  caseId: string;
  file: CaseSheet;
  history: readonly Step[];
  flags: FlagSheet[];
  form: FormOfVisit;
  /** Ids of the redacted pictures whose bytes lie in the store under `picture:<id>`. */
  pictures: string[];
  place: PlaceSheet | null;
}

/** Where a stop stands in the travel order and how far from the one before; without a plan there is none. */
export interface Leg {
  number: number;
  distance_m: number;
  isAlongStreets: boolean;
}

export interface Day {
  own: OwnDay;
  /** Visits that the server gives to somebody else by now, kept because something of them is only on this phone. */
  away?: readonly string[];
  legs: Record<string, Leg>;
  sheets: Record<string, Sheet>;
}

/** Jobs in travel order where one was planned, then those without a leg as the server gave them (most urgent first). */
export function inOrder(day: Day): OwnJob[] {
  const place = (job: OwnJob): number => day.legs[job.case.id]?.number ?? Number.MAX_SAFE_INTEGER;
  return day.own.jobs.map((job, at) => ({ job, at })).sort((a, b) => place(a.job) - place(b.job) || a.at - b.at).map(({ job }) => job);
}

/** What of each visit is only on this phone, by its id. */
export interface OnPhone {
  /** A change that was not sent, or a form that was begun. */
  unsent: ReadonlySet<string>;
  /** Its record was handed in and waits to be sent. */
  handedIn: ReadonlySet<string>;
}

/**
 * Joins what the server has now with what is on the phone: a job taken away stays while something of it was not sent, and one whose
 * record still travels is over here although the server lists it.
 */
export function keepUnsent(fresh: OwnDay, before: OwnDay | null, { unsent, handedIn }: OnPhone): { own: OwnDay; away: readonly string[] } {
  const listed = new Set(fresh.jobs.map((job) => job.visit.id));
  const away = (before?.jobs ?? []).filter(({ visit }) => unsent.has(visit.id) && !listed.has(visit.id) && !handedIn.has(visit.id));
  const open = fresh.jobs.filter(({ visit }) => !handedIn.has(visit.id));
  return { own: { ...fresh, jobs: [...open, ...away] }, away: away.map(({ visit }) => visit.id) };
}

export function titleOf(job: OwnJob): string {
  return job.address || job.street || job.case.parcel_key || job.case.code;
}
