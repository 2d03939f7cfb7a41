// A unit's planned day as its leader sees it: who goes where, and what a move by hand sends. Pure.
import type { Answer } from "../api/client";

export type Day = Answer<"/api/v1/routes">;
export type Route = Day["routes"][number];
export type Stop = Route["stops"][number];
export type Unit = Day["units"][number];

const BEGUN = new Set(["on_site", "completed", "no_access", "approved"]);

/** Whether a leader may still put this stop elsewhere. */
export function isMovable(stop: Stop): boolean {
  return !BEGUN.has(stop.state) && !stop.is_elsewhere;
}

/** The place (from 1) one step earlier or later within the route, or null at its ends and before begun visits. */
export function besides(route: Route, stop: Stop, step: -1 | 1): number | null {
  const first = 1 + route.stops.filter((one) => BEGUN.has(one.state)).length;
  const wanted = stop.number + step;
  return wanted >= first && wanted <= route.stops.length ? wanted : null;
}

/** The place that a dropped stop takes: before the stop it was dropped on, or last. */
export function placeOf(route: Route | undefined, before: string | null): number {
  const at = route?.stops.findIndex((one) => one.case_id === before) ?? -1;
  return at < 0 ? (route?.stops.length ?? 0) + 1 : at + 1;
}
