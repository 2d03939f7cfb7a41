import { describe, expect, it } from "vitest";
import { chooseItems, flatFigures, holdsOn, joinDays, layComparison, layFigures, type DayEntry, type LawItem } from "./table";

const item = (changes: Partial<LawItem>): LawItem => ({ kind: "figure", from_on: "2024-01-01", to_on: null, is_confirmed: false, ...changes }) as LawItem;
const day = (on: string, name_vi = "Tết", is_confirmed = false): DayEntry => ({ on, name_vi, kind: "holiday", is_confirmed }) as DayEntry;

describe("a period", () => {
  it.each([
    ["2024-01-01", null, "2024-01-01", true], ["2024-01-01", "2026-01-01", "2026-01-01", false], [null, null, "2026-01-01", true], ["2027-01-01", null, "2026-01-01", false],
  ])("from %s to %s on %s: %s", (from, to, on, holds) => expect(holdsOn(from, to, on)).toBe(holds));
});

describe("items of the law", () => {
  const items = [item({ kind: "rule" }), item({ is_confirmed: true }), item({ to_on: "2025-01-01" })];
  it("are chosen by kind, day and whether they wait", () => {
    expect(chooseItems(items, { kind: "", on: "", waiting: false })).toHaveLength(3);
    expect(chooseItems(items, { kind: "figure", on: "2026-01-01", waiting: false })).toEqual([items[1]]);
    expect(chooseItems(items, { kind: "", on: "2026-01-01", waiting: true })).toEqual([items[0]]);
  });
});

describe("days", () => {
  it("in a row of one name are one line", () => {
    const spans = joinDays([day("2027-02-05"), day("2027-02-06"), day("2027-02-28", "Khác"), day("2027-03-01", "Khác"), day("2027-03-02", "Khác", true)]);
    expect(spans.map((span) => [span.on, span.to])).toEqual([["2027-02-05", "2027-02-06"], ["2027-02-28", "2027-03-01"], ["2027-03-02", "2027-03-02"]]);
  });
});

describe("figures of weights", () => {
  it("are told flat", () => expect(flatFigures({ map50: 0.5, labels: { car: { ap50: 0.9 } }, on: "2026" })).toEqual([["map50", 0.5], ["labels.car.ap50", 0.9], ["on", "2026"]]));
  it("stand by label and measure", () =>
    expect(layFigures({ photos: 78, measured_on: "2026-11-26", ap50: { person: 0.67, cone: 0.8 }, recall: { person: 0.5 } })).toEqual({
      whole: [["photos", 78], ["measured_on", "2026-11-26"]], measures: ["ap50", "recall"], labels: [["cone", [0.8, undefined]], ["person", [0.67, 0.5]]],
    }));
  it("of two weights stand side by side", () =>
    expect(layComparison({ days: 30, old: { map50: 0.5, labels: { car: { ap50: 0.9, recall: null } } }, new: { map50: 0.6, cases: { right: 4 } } })).toEqual({
      shared: [["days", 30]], rows: [["map50", 0.5, 0.6], ["labels.car.ap50", 0.9, undefined], ["cases.right", undefined, 4]],
    }));
});
