import type { StyleSpecification } from "maplibre-gl";
import { expect, it } from "vitest";
import { namesOf, onlyGround, sourcesDrawn, styleAddress } from "./style_early";

const layers = [
  { id: "land", type: "background" }, { id: "roads", type: "line", source: "base" }, { id: "city-roads", type: "line", source: "city-base" }, { id: "parcels", type: "line", source: "parcels" },
  { id: "roads-label", type: "symbol", source: "base" }, { id: "hidden-label", type: "symbol", source: "base", layout: { visibility: "none" } }, { id: "zoning-label", type: "symbol", source: "zoning" },
];
const style = { version: 8, sources: {}, layers } as unknown as StyleSpecification;

it("draws the ground first and nothing else", () => {
  const ground = onlyGround(style);
  expect(ground.layers.filter((layer) => layer.layout?.visibility !== "none").map((layer) => layer.id)).toEqual(["land", "roads", "city-roads"]);
  expect(sourcesDrawn(ground)).toEqual(["base", "city-base"]);
  expect(layers.filter((layer) => "layout" in layer)).toHaveLength(1);
});

it("knows the words that come next", () => {
  expect(namesOf(style)).toEqual(["roads-label"]);
});

it("names the day only when one is looked at", () => {
  expect(styleAddress("c", "sun", "")).toBe("/tiles/style.json?city=c&theme=sun");
  expect(styleAddress("c", "sun", "2025-07-01")).toContain("on=2025-07-01");
});
