import { expect, it } from "vitest";
import type { FlagSheet, PlaceSheet } from "./day";
import { findEstimate, sayPermits, wordsOfFlag } from "./sheet";

it("finds the machine's width with its error", () => {
  const values = { width_m: 1.12, sigma_m: 0.09, limit_m: 1.5, passage: "blocked" };
  expect(findEstimate([{ code: "dwell", values: {} }, { code: "free_width", values }])).toEqual({ width_m: 1.12, sigma_m: 0.09, limit_m: 1.5 });
  expect(findEstimate([{ code: "free_width_unknown", values: { limit_m: 1.5 } }])).toBeNull();
});

it("says a flag as the interface words it, each reason once", () => {
  const words = { verdict: "undetermined", verdict_words: "Chưa xác định", title: "Xe trên vỉa hè", reasons: ["Thấy: xe máy", "Thấy: xe máy"], missing: ["vị trí"], notes: ["minh hoạ"], citation: "168/2024" };
  const flag = { id: "f", properties: { verdict: "undetermined", words, reasons: [] } } as unknown as FlagSheet;
  expect(wordsOfFlag(flag)).toEqual({ id: "f", verdict: "undetermined", verdictWords: "Chưa xác định", title: "Xe trên vỉa hè", reasons: ["Thấy: xe máy"], notes: ["vị trí", "minh hoạ"], citation: "168/2024", estimate: null });
});

it("tells a register without data apart from one without permits", () => {
  const place = (coverage: string) => ({ permits: [], registers: [{ register: "permit", coverage }] }) as unknown as PlaceSheet;
  expect(sayPermits(place("no_data"))).toBeNull();
  expect(sayPermits(place("checked"))).toEqual([]);
  expect(sayPermits(null)).toBeNull();
});
