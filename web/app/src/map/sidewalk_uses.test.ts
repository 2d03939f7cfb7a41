import { describe, expect, it } from "vitest";
import { classOf, isInForce, momentOf, parseUses } from "./sidewalk_uses";

const on = (at: string, day = "2026-11-26") => ({ on: day, at });
const [night] = parseUses("trading|||18:00:00|02:00:00");
const [days] = parseUses("parking|2026-11-01|2026-11-30||");

describe("a listed use", () => {
  it.each([["17:59", false], ["18:00", true], ["23:30", true], ["01:59", true], ["02:00", false]])("over midnight at %s: %s", (at, is) =>
    expect(isInForce(night!, on(at))).toBe(is));
  it.each([["2026-10-31", false], ["2026-11-01", true], ["2026-11-30", true], ["2026-12-01", false]])("of some days on %s: %s", (day, is) =>
    expect(isInForce(days!, on("12:00", day))).toBe(is));
});

describe("a stretch", () => {
  it("is drawn by what may stand on it at the moment", () => {
    const text = "parking|||06:00:00|18:00:00;trading|||18:00:00|23:00:00";
    expect(["05:00", "06:00", "18:00", "23:00"].map((at) => classOf(text, on(at)))).toEqual(["closed", "parking", "trading", "closed"]);
    expect(classOf("event||||", on("12:00"))).toBe("other");
  });
});

it("reads the clock of the city, and noon of another day", () => {
  expect(momentOf(new Date("2026-11-25T20:05:00Z"), "", "Asia/Ho_Chi_Minh")).toEqual({ on: "2026-11-26", at: "03:05" });
  expect(momentOf(new Date(), "2025-07-01", "UTC")).toEqual({ on: "2025-07-01", at: "12:00" });
});
