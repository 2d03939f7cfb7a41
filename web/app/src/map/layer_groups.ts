// The layers of the style by the name a person switches: one name, one or more drawn layers. Pure but for `show`.
import type { LayerSpecification, Map as MapLibre } from "maplibre-gl";

// The order of the list; what a style does not draw is left out, what is unknown here comes last.
export const LAYER_ORDER = [
  "zoning", "land_use", "plan_lines", "parcels", "sidewalks", "permits", "buildings", "overlays", "water", "roads", "units",
] as const;
export type LayerName = (typeof LAYER_ORDER)[number];

export interface LayerGroup {
  name: LayerName;
  ids: string[];
  isOn: boolean;
  /** The zoom from which any of it is drawn. */
  fromZoom: number;
}

function layerOf(layer: LayerSpecification): string {
  const said = (layer.metadata as { layer?: string } | undefined)?.layer;
  return said ?? ("source" in layer && typeof layer.source === "string" ? layer.source : "");
}

export function groupLayers(layers: readonly LayerSpecification[], sourceZooms: Readonly<Record<string, number>> = {}): LayerGroup[] {
  const fromZoom = (layer: LayerSpecification): number => Math.max(layer.minzoom ?? 0, ("source" in layer && sourceZooms[layer.source as string]) || 0);
  return LAYER_ORDER.flatMap((name) => {
    const own = layers.filter((layer) => layerOf(layer) === name);
    const isOn = own.some((layer) => (layer.layout as { visibility?: string } | undefined)?.visibility !== "none");
    return own.length ? [{ name, ids: own.map((layer) => layer.id), isOn, fromZoom: Math.min(...own.map(fromZoom)) }] : [];
  });
}

export function show(map: MapLibre, groups: readonly LayerGroup[], wanted: readonly string[]): void {
  for (const { name, ids } of groups) {
    for (const id of ids) if (map.getLayer(id)) map.setLayoutProperty(id, "visibility", wanted.includes(name) ? "visible" : "none");
  }
}
