import { describe, expect, it } from "vitest";
import { distinctSources, onlyParcel, readPlace, stateOf, type Parcel, type Zone } from "./place";

const source = { name: "s", title: "S", date: "2026-01-01", decision: "", scale: "", generated: false };
const zone = (plan_kind: string, code: string): Zone => ({
  plan_kind, code, name: "", area_m2: 1, share_pct: 100, max_storeys: null, max_density_pct: null, max_floor_area_ratio: null, setback_m: null, source,
});
const parcel = (key: string, likelihood: number): Parcel => ({
  key, sheet: "29", number: "82", stated_area_m2: null, measured_area_m2: 10, address: "", likelihood, zones: [], geometry: null, source,
});
const EMPTY = { on: "2026-11-22", city: "c", units: [], parcels: [], overlays: [], plan_lines: [], sidewalks: [], permits: [], registers: [], reference: "", generated: false };

describe("a place", () => {
  it("has the zones of both plans, each under its own plan", () => {
    const told = { ...EMPTY, zoning: [zone("zoning", "NO")], land_use: [zone("land_use", "ODT")] };
    expect(readPlace(told).zones.map((one) => [one.plan_kind, one.code])).toEqual([["zoning", "NO"], ["land_use", "ODT"]]);
  });

  it("is one parcel only when no other is likely", () => {
    const place = (...parcels: Parcel[]) => ({ ...readPlace(EMPTY), parcels });
    expect(onlyParcel(place(parcel("a", 0.62), parcel("b", 0.38)))).toBeNull();
    expect(onlyParcel(place(parcel("a", 0.97), parcel("b", 0.03)))?.key).toBe("a");
    expect(onlyParcel(place())).toBeNull();
  });

  it("names each source of its facts once", () =>
    expect(distinctSources([{ source }, { source: { ...source, name: "other" } }, { source }]).map((one) => one.name)).toEqual(["s", "other"]));

  it("has no data of a register that did not speak", () => expect(stateOf(readPlace(EMPTY), "permit")).toBe("no_data"));
});
