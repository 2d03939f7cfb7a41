import { describe, expect, it } from "vitest";
import { judge, nextToSend, tally, waitBefore } from "./outbox";
import type { Outgoing } from "./values";

function an(number: number, more: Partial<Outgoing> = {}): Outgoing {
  return {
    key: `k${number}`, number, kind: "step", visit: "v1", caseCode: "VH-1", body: {}, madeAt: 0, state: "waiting", tries: 0,
    fault: null, ...more,
  };
}

describe("what leaves next", () => {
  it("is the oldest that waits", () => expect(nextToSend([an(3), an(1), an(2)])?.number).toBe(1));
  it("is nothing once all is sent", () => expect(nextToSend([an(1, { state: "sent" })])).toBeNull());
  it("never overtakes what a person must settle for the same visit, but other visits go on", () => {
    const items = [an(1, { state: "needs_person" }), an(2), an(3, { visit: "v2" })];
    expect(nextToSend(items)?.number).toBe(3);
  });
});

describe("an answer", () => {
  it.each([
    ["offline", "later"], ["busy", "later"], ["broken", "later"], ["expired", "sign_in"],
    ["conflict", "needs_person"], ["refused", "needs_person"], ["missing", "needs_person"], ["wrong", "needs_person"],
  ] as const)("of kind %s means %s", (kind, verdict) => expect(judge("record", { ok: false, kind, message: "", cure: "" })).toBe(verdict));
  it("that is good is done", () => expect(judge("shot", { ok: true, conflict: "" })).toBe("done"));
  it("that came too late is with the leader", () => expect(judge("record", { ok: true, conflict: "reassigned" })).toBe("with_leader"));
  it("to a step that somebody else took needs nobody", () =>
    expect(judge("step", { ok: false, kind: "conflict", message: "", cure: "" })).toBe("done"));
});

it("waits longer each time, never more than two minutes and a fifth", () => {
  expect([1, 2, 3, 20].map((tries) => waitBefore(tries, 0))).toEqual([2000, 4000, 8000, 120_000]);
  expect(waitBefore(20, 1)).toBe(144_000);
});

it("counts what is only on the device", () => {
  const items = [an(1, { state: "sent" }), an(2, { kind: "shot" }), an(3, { state: "needs_person" })];
  expect(tally(items)).toEqual({ waiting: 2, photos: 1, needPerson: 1 });
});
