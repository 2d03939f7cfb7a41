import { describe, expect, it } from "vitest";
import { gather, toWorld, type Dot } from "./clusters";

const dot = (id: string, lon: number, lat: number, verdict = "flagged"): Dot => ({ id, lon, lat, verdict });

describe("groups of signs", () => {
  it("count what lies in one cell and keep a lone sign as it is", () => {
    const groups = gather([dot("a", 106.7, 10.78), dot("b", 106.70001, 10.78001, "undetermined"), dot("c", 106.9, 10.9)], 12).features;
    expect(groups.map((group) => [group.properties.count, group.properties.flagged, group.properties.id])).toEqual([[2, 1, ""], [1, 1, "c"]]);
    expect(groups[0]?.geometry.coordinates[0]).toBeCloseTo(106.700005, 6);
  });

  it("fall apart as the map comes nearer, and lose nobody", () => {
    const dots = Array.from({ length: 500 }, (_, i) => dot(String(i), 106.6 + (i % 25) * 0.004, 10.7 + Math.floor(i / 25) * 0.004));
    const counts = [10, 13, 16].map((zoom) => gather(dots, zoom).features);
    expect(counts.map((groups) => groups.reduce((sum, group) => sum + group.properties.count, 0))).toEqual([500, 500, 500]);
    expect(counts[0]!.length).toBeLessThan(counts[1]!.length);
    expect(counts[1]!.length).toBeLessThan(counts[2]!.length);
  });

  it("stand where the map draws them", () => expect(toWorld(0, 0, 1)).toEqual([512, 512]));
});
