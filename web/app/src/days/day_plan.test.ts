import { describe, expect, it } from "vitest";
import { besides, isMovable, placeOf, type Route, type Stop } from "./day_plan";

const stop = (number: number, state = "given"): Stop => ({ number, case_id: `c${number}`, state, is_elsewhere: false }) as Stop;
const route = { stops: [stop(1, "completed"), stop(2), stop(3)] } as Route;

describe("a stop", () => {
  it("that has begun stays where it is", () => expect(route.stops.map(isMovable)).toEqual([false, true, true]));
  it("goes one step, never before begun visits nor off the end", () => {
    const [, second, third] = route.stops as [Stop, Stop, Stop];
    expect([besides(route, second, -1), besides(route, second, 1), besides(route, third, -1), besides(route, third, 1)]).toEqual([null, 3, 2, null]);
  });
  it("is dropped before another, or last", () => expect([placeOf(route, "c2"), placeOf(route, null), placeOf(undefined, null)]).toEqual([2, 4, 1]));
});
