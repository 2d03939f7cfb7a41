import { describe, expect, it } from "vitest";
import { boundsOf, cell, countChanges, windowOf } from "./answer";

const VI = { locale: "vi-VN", zone: "Asia/Ho_Chi_Minh" };

describe("an answer", () => {
  it.each([
    [3600.456, "number", "3.600,46"], ["2026-11-22", "day", "22/11/2026"], [null, "number", ""], ["ODT", "text", "ODT"], [0, "number", "0"],
  ] as const)("writes %s of kind %s as %s", (value, kind, said) => expect(cell(value, kind, VI)).toBe(said));

  it.each([
    [0, 340, 1000, [0, 18]], [3400, 340, 1000, [92, 118]], [33_700, 340, 1000, [983, 1000]], [0, 340, 3, [0, 3]], [9999, 340, 0, [0, 0]],
  ])("at %i px of a frame of %i px over %i rows draws %j", (top, height, total, drawn) => expect(windowOf(top, height, 34, total)).toEqual(drawn));

  it("counts changes over decisions, and finds what all shapes span", () => {
    expect(countChanges([{ change: "new", decision: "1", source: "a", rows: 2 }, { change: "new", decision: "2", source: "a", rows: 3 }])).toEqual({ new: 5, changed: 0, withdrawn: 0 });
    expect(boundsOf([{ type: "Point", coordinates: [2, 3] }, null, { type: "LineString", coordinates: [[1, 5], [4, 4]] }])).toEqual([1, 3, 4, 5]);
    expect(boundsOf([null])).toBeNull();
  });
});
