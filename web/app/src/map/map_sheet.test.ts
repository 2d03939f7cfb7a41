import { describe, expect, it } from "vitest";
import { map as words } from "../words/en/map";
import type { Legend, LegendSource } from "./legend";
import { listLegend, listSources, roundLength, type Shown } from "./map_sheet";

const source = (title: string, more: Partial<LegendSource> = {}): LegendSource => ({ name: title, title, source_on: null, decision: "", licence: "", generated: false, ...more });
const LEGEND: Legend = {
  plans: { zoning: [{ code: "NO", name: "housing", fill: "#F7EBC3" }, { code: "CX", name: "green", fill: "#D3E6C2" }] },
  layers: {
    zoning: [source("Zoning plan", { decision: "12/QĐ", source_on: "2025-06-15", licence: "CC0", generated: true })],
    parcels: [source("Parcels", { source_on: "2026-01-02" })], buildings: [source("Parcels", { source_on: "2026-01-02" })], water: [source("Water")],
  },
};
const SHOWN: Shown = {
  look: { verdicts: ["flagged"], caseStates: ["open", "late"], signs: "signs" }, wanted: ["zoning", "sidewalk_uses", "cameras"],
  drawn: ["zoning", "parcels"], codes: { zoning: ["NO-33", "NO-1", "XX-2"] }, legend: LEGEND,
};
const legendOf = (more: Partial<Shown> = {}) => listLegend({ ...SHOWN, ...more }, words, (verdict) => verdict, "no conclusion");

describe("the legend beside a saved view", () => {
  it("names what is switched on and no more", () =>
    expect(legendOf().map((section) => [section.title, section.rows.map((one) => one.words)])).toEqual([
      ["Layers", ["Zoning plan", "Cameras and what they see"]], ["Zoning plan", ["housing", ""]], ["What sidewalks are for now", Object.values(words.walkClasses)],
      ["Machine's verdict (no conclusion)", ["flagged"]], ["Cases", ["Open", "Late"]],
    ]));
  it("keeps the code of a class that nobody named, without a fill", () =>
    expect(legendOf()[1]?.rows).toEqual([{ sign: { kind: "fill", fill: "#F7EBC3" }, code: "NO", words: "housing" }, { sign: { kind: "fill", fill: "" }, code: "XX", words: "" }]));
  it("says density where flags are drawn as such, and leaves out what shows nothing", () =>
    expect(legendOf({ look: { verdicts: ["flagged"], caseStates: [], signs: "heat" } }).at(-1)?.rows.map((one) => one.words)).toEqual(["density"]));
  it("still names the signs when the server did not say its legend", () => expect(legendOf({ legend: null, codes: {} }).map((section) => section.title)).toContain("Cases"));
});

describe("sources of a saved view", () => {
  it("are those of the layers shown, each once, with decision, day, licence and the mark of generated data", () =>
    expect(listSources(LEGEND, ["zoning", "parcels", "buildings"], (iso) => `on ${iso}`, "generated")).toEqual(["Zoning plan, 12/QĐ, on 2025-06-15, CC0, generated", "Parcels, on 2026-01-02"]));
  it("are none without a legend", () => expect(listSources(null, ["zoning"], String, "")).toEqual([]));
});

describe("the scale bar", () => {
  it.each([[137, 100], [99, 50], [23, 20], [1.4, 1], [0.7, 0.5], [5000, 5000]])("of at most %d m is %d m long", (most, long) => expect(roundLength(most)).toBeCloseTo(long, 9));
});
