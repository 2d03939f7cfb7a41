import { describe, expect, it } from "vitest";
import { reasonsFor, takeApart, type Clock, type Clocks } from "./file";

const spent = (step: string, part: string, clock_s: number) => ({ step, part, clock_s, wall_s: clock_s });

describe("a clock taken apart", () => {
  it("lays the lateness on the steps by their share, and none of it on pauses", () => {
    const parts = takeApart({ late_s: 100, spent: [spent("visit", "waiting", 300), spent("visit", "work", 100), spent("visit", "pause", 900)] });
    expect(parts.map((one) => one.late_s)).toEqual([75, 25, 0]);
    expect(parts.reduce((sum, one) => sum + one.late_s, 0)).toBe(100);
  });

  it("says nothing of a clock that has counted nothing", () => {
    expect(takeApart({ late_s: 0, spent: [spent("visit", "pause", 60)] })[0]?.share).toBe(0);
  });
});

describe("reasons to stop a clock", () => {
  const reason = (code: string, clocks: string[], most = 0) => ({ code, name: code, name_en: code, clocks, most });
  const all = { pause_reasons: [reason("any", []), reason("no_access", ["visit"], 1), reason("sender", ["triage"])] } as unknown as Clocks;
  const visit = (reasons: string[]) => ({ code: "visit", pauses: reasons.map((one) => ({ reason: one })) }) as unknown as Clock;

  it("are those of the clock", () => expect(reasonsFor(all, visit([])).map((one) => one.code)).toEqual(["any", "no_access"]));
  it("end when one was used often enough", () => expect(reasonsFor(all, visit(["no_access"])).map((one) => one.code)).toEqual(["any"]));
});
