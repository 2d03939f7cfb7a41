import { describe, expect, it } from "vitest";
import { emptyDraft, isBegun, lacks, readWidth } from "./values";

const draft = emptyDraft("v", "c", "VH-1", 1, 0);

const form = {
  checklist: [{ code: "goods", vi: "", en: "", kind: "yes_no", unit: "", is_required: true, choices: [] }],
  acts: [{ code: "VH02", vi: "", en: "" }],
};

describe("a form", () => {
  it("says in order what it still lacks", () => expect(lacks(draft, 1, form)).toEqual(["photos", "outcome"]));
  it("asks for no photos where nobody could get in, but for the reason", () =>
    expect(lacks({ ...draft, outcome: "no_access" }, 0, form)).toEqual(["reason"]));
  it("of a violation needs its act, the open questions, and a signature or why there is none", () =>
    expect(lacks({ ...draft, outcome: "violation" }, 2, form)).toEqual(["acts", "checks", "signature"]));
  it("is whole with all of them", () => {
    const whole = { ...draft, outcome: "violation" as const, acts: ["VH02"], answers: { goods: false }, unsignedWhy: "left" };
    expect(lacks(whole, 2, form)).toEqual([]);
  });
  it("keeps a note that is too long and says so", () =>
    expect(lacks({ ...draft, outcome: "gone", note: "x".repeat(10_000) }, 2, form)).toEqual(["note"]));
  it("of a place in order names nobody", () => expect(lacks({ ...draft, outcome: "no_violation" }, 2, form)).toEqual([]));
});

describe("a typed width", () => {
  it.each([["1,05", 1.05], ["1.05", 1.05], ["105 cm", 1.05], [" 2 m ", 2], ["0", 0]])("%s", (text, metres) =>
    expect(readWidth(text)).toBeCloseTo(metres, 9));
  it.each(["", "1,2,3", "-1", "abc", "101", "‮1,05", "1e3"])("%s is none", (text) => expect(readWidth(text)).toBeNull());
});

it("tells a form that was only opened from one with work in it", () => {
  expect(isBegun({ ...draft, savedAt: 2_000 })).toBe(false);
  expect(isBegun({ ...draft, answers: { width: 1.2 } })).toBe(true);
  expect(isBegun({ ...draft, party: { ...draft.party, name: "A" } })).toBe(true);
});
