import { describe, expect, it } from "vitest";
import { readLink, USUAL, writeLink, type MapState } from "./link";

describe("a link to the map", () => {
  it("of the usual state is empty", () => expect(writeLink(USUAL).toString()).toBe(""));

  it("gives back what was put into it", () => {
    const state: MapState = {
      city: "second", frame: { lon: 106.6896, lat: 10.7838, zoom: 17.5 }, layers: ["zoning", "parcels"], verdicts: ["compliant"],
      caseStates: [], use: "parking", ward: "27139", days: 30, area: "BGgvqnqGm3tyiB", on: "2025-06-30", signs: "heat", imagery: "a-2024", opacity: 0.4, against: "2026-11-22", imageryAgainst: "a-2021",
    };
    expect(readLink(new URLSearchParams(writeLink(state).toString()))).toEqual(state);
  });

  it.each([["at=1,2", "frame"], ["at=999,0,3", "frame"], ["at=a,b,c", "frame"], ["on=yesterday", "on"], ["days=-4", "days"], ["opacity=7", "opacity"], ["signs=stars", "signs"]])(
    "with nonsense (%s) falls back to the usual", (words, name) => {
      expect(readLink(new URLSearchParams(words))[name as keyof MapState]).toEqual(USUAL[name as keyof MapState]);
    });
});
