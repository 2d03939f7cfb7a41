// What the dashboard asks and how rows become bars: periods, stacks, sparkline points. Pure.
import type { Answer } from "../api/client";

export type Recurrence = Answer<"/api/v1/figures/recurrence">;
export type OnTime = Answer<"/api/v1/figures/on-time">;
export type FirstReply = Answer<"/api/v1/figures/first-reply">;
export type Ageing = Answer<"/api/v1/figures/ageing">;
export type Lateness = Answer<"/api/v1/figures/lateness">;
export type Ranking = Answer<"/api/v1/figures/ranking">;
export type Precision = Answer<"/api/v1/figures/precision">;
export type Recall = Answer<"/api/v1/figures/recall">;
export type Share = Recurrence["rows"][number]["share"];

/** How often a figure is asked again. */
export const EVERY_MS = 60_000;

export interface Period { since: string; until: string; label: string }

/** The twelve months that end with the month of `today` (ISO day), newest first; each half-open by ISO days. */
export function listMonths(today: string): Period[] {
  const [year = 0, month = 0] = today.split("-").map(Number);
  return Array.from({ length: 12 }, (_, back) => {
    const first = new Date(Date.UTC(year, month - 1 - back, 1));
    const next = new Date(Date.UTC(year, month - back, 1));
    const iso = (day: Date): string => day.toISOString().slice(0, 10);
    return { since: iso(first), until: iso(next), label: `${String(first.getUTCMonth() + 1).padStart(2, "0")}/${first.getUTCFullYear()}` };
  });
}

export function yearUntil(today: string): { since: string; until: string } {
  const months = listMonths(today);
  return { since: months.at(-1)?.since ?? today, until: months[0]?.until ?? today };
}

export interface Stack { step: string; days: number; parts: { name: string; days: number }[] }

/** Days by step, each step cut by what `name` tells of a row; the steps in the order of the work. */
export function stackBy<T extends { step: string; days: number }>(rows: readonly T[], name: (row: T) => string, order: readonly string[]): Stack[] {
  const steps = new Map<string, Stack>();
  for (const row of rows) {
    const stack = steps.get(row.step) ?? { step: row.step, days: 0, parts: [] };
    stack.days += row.days;
    stack.parts.push({ name: name(row), days: row.days });
    steps.set(row.step, stack);
  }
  const rank = (step: string): number => (order.includes(step) ? order.indexOf(step) : order.length);
  return [...steps.values()].toSorted((one, other) => rank(one.step) - rank(other.step));
}

/** The address of a figure's cases with another row's key. */
export function anyStep(address: string | undefined, key: string): string | undefined {
  if (!address) return undefined;
  const url = new URL(address, "http://here");
  url.searchParams.set("key", key);
  return url.href;
}

export function sumBy<T>(rows: readonly T[], name: (row: T) => string, value: (row: T) => number): [string, number][] {
  const sums = new Map<string, number>();
  for (const row of rows) sums.set(name(row), (sums.get(name(row)) ?? 0) + value(row));
  return [...sums].toSorted((one, other) => other[1] - one[1]);
}

/** A link into the application that lists the cases behind a figure; the server's own address goes with it. */
export function drill(address: string | undefined, part = ""): string {
  if (!address) return "";
  const url = new URL(address, "http://here");
  if (part) url.searchParams.set("part", part);
  return `/app/cases?${new URLSearchParams({ behind: url.pathname + url.search })}`;
}
