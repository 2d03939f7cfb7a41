import { expect, it } from "vitest";
import type { PlaceSheet } from "./day";
import { findEstimate, sayPermits } from "./sheet";

it("finds the machine's width with its error", () => {
  const figures = { width_m: 1.12, sigma_m: 0.09, limit_m: 1.5, passage: "blocked" };
  expect(findEstimate([{ code: "dwell" }, { code: "free_width", figures }])).toEqual({ width_m: 1.12, sigma_m: 0.09, limit_m: 1.5 });
  expect(findEstimate([{ code: "free_width_unknown", figures: { limit_m: 1.5 } }])).toBeNull();
});

it("tells a register without data apart from one without permits", () => {
  const place = (coverage: string) => ({ permits: [], registers: [{ register: "permit", coverage }] }) as unknown as PlaceSheet;
  expect(sayPermits(place("no_data"))).toBeNull();
  expect(sayPermits(place("checked"))).toEqual([]);
  expect(sayPermits(null)).toBeNull();
});
