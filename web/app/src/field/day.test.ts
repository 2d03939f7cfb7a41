import { expect, it } from "vitest";
import { inOrder, keepUnsent, titleOf, type Day, type OwnDay, type OwnJob } from "./day";

function a(id: string, more: Partial<OwnJob> = {}): OwnJob {
  return { case: { id, code: `VH-${id}`, parcel_key: "" }, visit: { id: `visit-${id}`, state: "given", version: 1 }, street: "", address: "", ...more } as OwnJob;
}
const own = (jobs: OwnJob[]): OwnDay => ({ day: "2026-11-26", timezone: "Asia/Ho_Chi_Minh", jobs, bounds: null, support_phone: "" });

it("walks planned stops first, the rest as urgent as the server says", () => {
  const leg = (number: number) => ({ number, distance_m: 10, isAlongStreets: true });
  const day: Day = { own: own([a("1"), a("2"), a("3"), a("4")]), legs: { 3: leg(1), 1: leg(2) }, sheets: {} };
  expect(inOrder(day).map((job) => job.case.id)).toEqual(["3", "1", "2", "4"]);
});

it("keeps a job that was given to somebody else while something of it is unsent, and says so", () => {
  const kept = keepUnsent(own([a("1")]), own([a("1"), a("2"), a("3")]), { unsent: new Set(["visit-1", "visit-2"]), handedIn: new Set() });
  expect(kept.own.jobs.map((job) => job.case.id)).toEqual(["1", "2"]);
  expect(kept.away).toEqual(["visit-2"]);
});

it("does not bring back a job whose record still travels", () => {
  const kept = keepUnsent(own([a("1"), a("2")]), own([a("1"), a("2"), a("3")]), { unsent: new Set(["visit-2", "visit-3"]), handedIn: new Set(["visit-2", "visit-3"]) });
  expect(kept.own.jobs.map((job) => job.case.id)).toEqual(["1"]);
  expect(kept.away).toEqual([]);
});

it("is called by its address, its street, its parcel or its code", () => {
  expect(titleOf(a("1", { address: "12 X", street: "Y" }))).toBe("12 X");
  expect(titleOf(a("1", { street: "Y" }))).toBe("Y");
  expect(titleOf(a("1"))).toBe("VH-1");
});
