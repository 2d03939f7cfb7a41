import { describe, expect, it } from "vitest";
import { asForm, outcomesFor } from "./record";
import { emptyDraft } from "./values";

const draft = { ...emptyDraft("v", "c", "VH-1", 4, 0), width_cm: 105, acts: ["VH02"], party: { name: " A ", id_number: "", address: "", statement: "" } };
const ids = { photos: ["p1", "p2"], signature: "s1" };

describe("a form as the server takes it", () => {
  it("of a violation has measure, act and the signed party", () => {
    const form = asForm({ ...draft, outcome: "violation" }, ids, 0, 1000);
    expect(form.measures).toEqual([{ kind: "free_width", value: 1.05, tool: "tape" }]);
    expect(form.acts).toEqual(["VH02"]);
    expect(form.parties).toEqual([{ part: "violator", identity: { name: "A" }, statement: "", signature: "s1" }]);
    expect([form.done_at, form.version]).toEqual(["1970-01-01T00:00:00.000Z", 4]);
  });
  it("without a signature says why", () => {
    const form = asForm({ ...draft, outcome: "warned", unsignedWhy: "left" }, { ...ids, signature: "" }, 0, 0);
    expect(form.parties).toEqual([{ part: "violator", identity: { name: "A" }, statement: "", unsigned_reason: "left" }]);
    expect(form.acts).toEqual([]);
  });
  it("of a place in order names nobody and no act", () => {
    const form = asForm({ ...draft, outcome: "no_violation", width_cm: null }, ids, 0, 0);
    expect([form.parties, form.acts, form.measures]).toEqual([[], [], []]);
  });
});

it("offers stopping for building work only", () => {
  expect(outcomesFor("construction")).toContain("stop_ordered");
  expect(outcomesFor("parking")).not.toContain("stop_ordered");
});
