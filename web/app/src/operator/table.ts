// What the operator's tables show and send: types of the interface, and small choices of rows. Pure.
import type { Answer } from "../api/client";

export type Outbox = Answer<"/api/v1/notices">;
export type LawTable = Answer<"/api/v1/law">;
export type LawItem = LawTable["items"][number];
export type CalendarTable = Answer<"/api/v1/calendar">;
export type DayEntry = CalendarTable["days"][number];
export type RoleTable = Answer<"/api/v1/roles">;
export type RoleRow = RoleTable["rows"][number];
export type Shelf = Answer<"/api/v1/weights">;
export type Weights = Shelf["weights"][number];

/** Whether a period (half-open by ISO days) holds on a day. */
export function holdsOn(from: string | null, to: string | null, on: string): boolean {
  return (!from || from <= on) && (!to || on < to);
}

/** Items of the law that stand on a day, of one kind, only what waits where asked; in the order of the text. */
export function chooseItems(items: readonly LawItem[], asked: { kind: string; on: string; waiting: boolean }): LawItem[] {
  return items.filter((item) => (!asked.kind || item.kind === asked.kind) && (!asked.on || holdsOn(item.from_on, item.to_on, asked.on)) && (!asked.waiting || !item.is_confirmed));
}

export interface Span { on: string; to: string; days: DayEntry[] }

/** Days in a row that are one holiday (same name, kind and standing), as one line. */
export function joinDays(days: readonly DayEntry[]): Span[] {
  const spans: Span[] = [];
  for (const day of days) {
    const last = spans.at(-1);
    const before = last?.days.at(-1);
    const follows = before && nextDay(before.on) === day.on && before.name_vi === day.name_vi && before.kind === day.kind && before.is_confirmed === day.is_confirmed;
    if (last && follows) {
      last.to = day.on;
      last.days.push(day);
    } else spans.push({ on: day.on, to: day.on, days: [day] });
  }
  return spans;
}

export function nextDay(on: string): string {
  const day = new Date(`${on}T00:00:00Z`);
  day.setUTCDate(day.getUTCDate() + 1);
  return day.toISOString().slice(0, 10);
}

export type Figure = number | string;

/** Figures as name and value, nested ones joined by a dot; what was not measured is left out. */
export function flatFigures(value: unknown, name = ""): [string, Figure][] {
  if (typeof value === "number" || typeof value === "string") return [[name, value]];
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([inner, found]) => flatFigures(found, name ? `${name}.${inner}` : inner));
}

/** Figures of one measured set: those of the whole set, and a row for each label with its figure of every measure. */
export interface MeasuredSet {
  whole: [string, Figure][];
  measures: string[];
  labels: [string, (Figure | undefined)[]][];
}

export function layFigures(figures: Readonly<Record<string, unknown>>): MeasuredSet {
  const perLabel = Object.entries(figures).flatMap(([measure, found]): [string, Record<string, Figure>][] => (found !== null && typeof found === "object" ? [[measure, found as Record<string, Figure>]] : []));
  const labels = [...new Set(perLabel.flatMap(([, found]) => Object.keys(found)))].sort();
  return {
    whole: Object.entries(figures).flatMap(([name, value]): [string, Figure][] => (typeof value === "number" || typeof value === "string" ? [[name, value]] : [])),
    measures: perLabel.map(([measure]) => measure),
    labels: labels.map((label) => [label, perLabel.map(([, found]) => found[label])]),
  };
}

/** Two sets of weights on the same pictures: what holds for both, and for each figure its name, the old one's and the new one's. */
export interface Comparison {
  shared: [string, Figure][];
  rows: [string, Figure | undefined, Figure | undefined][];
}

export function layComparison(figures: Readonly<Record<string, unknown>>): Comparison {
  const { old, new: fresh, ...shared } = figures;
  const [before, after] = [new Map(flatFigures(old)), new Map(flatFigures(fresh))];
  return { shared: flatFigures(shared), rows: [...new Set([...before.keys(), ...after.keys()])].map((name) => [name, before.get(name), after.get(name)]) };
}
