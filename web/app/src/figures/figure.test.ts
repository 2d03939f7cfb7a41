import { describe, expect, it } from "vitest";
import { anyStep, drill, listMonths, stackBy, sumBy, yearUntil } from "./figure";

describe("periods", () => {
  it("are whole months, newest first, over the turn of a year", () => {
    const months = listMonths("2026-02-10");
    expect(months).toHaveLength(12);
    expect(months.slice(0, 3).map((month) => [month.since, month.until, month.label])).toEqual([
      ["2026-02-01", "2026-03-01", "02/2026"], ["2026-01-01", "2026-02-01", "01/2026"], ["2025-12-01", "2026-01-01", "12/2025"],
    ]);
    expect(yearUntil("2026-02-10")).toEqual({ since: "2025-03-01", until: "2026-03-01" });
  });
});

describe("lateness", () => {
  const rows = [
    { step: "visit", cause: "not_visited", days: 3, wall_days: 4, clocks: 1 },
    { step: "triage", cause: "data_sync", days: 1, wall_days: 1, clocks: 1 },
    { step: "visit", cause: "none", days: 2, wall_days: 2, clocks: 1 },
  ];
  it("is laid on steps in the order of the work, with its causes", () =>
    expect(stackBy(rows, (row) => row.cause, ["triage", "visit"]).map((stack) => [stack.step, stack.days, stack.parts.length])).toEqual([["triage", 1, 1], ["visit", 5, 2]]));
  it("is summed by cause, the largest first", () => expect(sumBy(rows, (row) => row.cause, (row) => row.days)).toEqual([["not_visited", 3], ["none", 2], ["data_sync", 1]]));
});

describe("the way from a figure to its cases", () => {
  it("keeps the server's address, without its host", () => {
    const query = new URL(drill("https://city/api/v1/figures/on-time/cases?key=all", "overdue"), "http://here").searchParams;
    expect(query.get("behind")).toBe("/api/v1/figures/on-time/cases?key=all&part=overdue");
  });
  it("leads to any row of the same figure", () => expect(anyStep("https://city/api/v1/figures/lateness/cases?since=2026-01-01&key=visit%3Anone", ":none")).toContain("since=2026-01-01&key=%3Anone"));
  it("is none where the server names none", () => expect(drill(undefined)).toBe(""));
});
