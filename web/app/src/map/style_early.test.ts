import type { StyleSpecification } from "maplibre-gl";
import { expect, it } from "vitest";
import { onlyBase, styleAddress } from "./style_early";

it("draws the base map first and nothing else", () => {
  const layers = [{ id: "land", type: "background" }, { id: "roads", type: "line", source: "base" }, { id: "city-roads", type: "line", source: "city-base" }, { id: "parcels", type: "line", source: "parcels" }];
  const style = { version: 8, sources: {}, layers } as unknown as StyleSpecification;
  const seen = onlyBase(style, "base").layers.filter((layer) => layer.layout?.visibility !== "none").map((layer) => layer.id);
  expect(seen).toEqual(["land", "roads", "city-roads"]);
  expect(layers.every((layer) => !("layout" in layer))).toBe(true);
});

it("names the day only when one is looked at", () => {
  expect(styleAddress("c", "sun", "")).toBe("/tiles/style.json?city=c&theme=sun");
  expect(styleAddress("c", "sun", "2025-07-01")).toContain("on=2025-07-01");
});
