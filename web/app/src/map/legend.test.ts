import { describe, expect, it } from "vitest";
import { fromDays, listTicks, stepDay, toDays, type Legend } from "./legend";

const source = (title: string, on: string | null) => ({ name: title, title, source_on: on, decision: "", licence: "", generated: false });
const LEGEND: Legend = {
  plans: {},
  layers: { zoning: [source("plan", "2025-06-15"), source("later", "2026-01-10")], units: [source("units", "2025-07-01")], parcels: [source("p", "2026-06-01")], land_use: [source("x", null)] },
};

describe("the date slider", () => {
  const ticks = listTicks(LEGEND);
  it("marks decisions of plans and changes of units, in order", () =>
    expect(ticks.map((tick) => [tick.on, tick.kind])).toEqual([["2025-06-15", "plan"], ["2025-07-01", "units"], ["2026-01-10", "plan"]]));

  it.each([["2026-11-22", -1, "2026-01-10"], ["2025-07-01", 1, "2026-01-10"], ["2025-06-15", -1, "2025-06-15"], ["2026-01-10", 1, "2026-11-22"]] as const)(
    "from %s by %i goes to %s", (on, step, wanted) => expect(stepDay(on, ticks, "2026-11-22", step)).toBe(wanted));

  it("counts days without a clock", () => expect(fromDays(toDays("2025-06-30") + 1)).toBe("2025-07-01"));
});
