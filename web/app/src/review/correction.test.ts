import { describe, expect, it } from "vitest";
import { boxFrom, sayCorrection } from "./correction";

describe("a box drawn by hand", () => {
  it("is the same from whichever corner it is drawn", () => {
    expect(boxFrom({ x: 90, y: 80 }, { x: 10, y: 20 }, 100, 100)).toEqual([10, 20, 90, 80]);
    expect(boxFrom({ x: 10, y: 20 }, { x: 90, y: 80 }, 100, 100)).toEqual([10, 20, 90, 80]);
  });
  it("stays inside the picture", () => expect(boxFrom({ x: -5, y: -5 }, { x: 500, y: 50.4 }, 100, 100)).toEqual([0, 0, 100, 50]));
  it("is none while it is a mere click", () => expect(boxFrom({ x: 10, y: 10 }, { x: 12, y: 40 }, 100, 100)).toBeNull());
});

describe("a word about a box", () => {
  it("names the box, and the label only when that changed", () => {
    expect(sayCorrection(3, { kind: "wrong" })).toEqual({ kind: "wrong", index: 3 });
    expect(sayCorrection(3, { kind: "changed", label: "car" })).toEqual({ kind: "changed", index: 3, label: "car" });
  });
});
