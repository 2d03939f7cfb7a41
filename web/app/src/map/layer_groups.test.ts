import type { LayerSpecification } from "maplibre-gl";
import { describe, expect, it } from "vitest";
import { groupLayers } from "./layer_groups";

const layer = (id: string, source: string, more: object = {}): LayerSpecification =>
  ({ id, type: "line", source, "source-layer": source, ...more }) as LayerSpecification;

describe("groups of layers", () => {
  it("follow the name that the style says, else the source, in the order of the list", () => {
    const groups = groupLayers([
      { id: "land", type: "background" },
      layer("roads-edge", "base", { metadata: { layer: "roads" } }),
      layer("roads-label", "base", { metadata: { layer: "roads" } }),
      layer("zoning-fill", "zoning", { minzoom: 13 }),
      layer("land_use-fill", "land_use", { layout: { visibility: "none" } }),
    ], { base: 8, zoning: 12 });
    expect(groups).toEqual([
      { name: "zoning", ids: ["zoning-fill"], isOn: true, fromZoom: 13 },
      { name: "land_use", ids: ["land_use-fill"], isOn: false, fromZoom: 0 },
      { name: "roads", ids: ["roads-edge", "roads-label"], isOn: true, fromZoom: 8 },
    ]);
  });
});
