// The outline of an area on a map: a light fill below what is asked of it, a dashed line, the same for every view.
import type { Geometry } from "geojson";
import type { GeoJSONSource, Map as MapLibre } from "maplibre-gl";

const EMPTY: GeoJSON.FeatureCollection = { type: "FeatureCollection", features: [] };
const tone = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

export function addAreaFill(map: MapLibre): void {
  map.addSource("area", { type: "geojson", data: EMPTY });
  map.addLayer({ id: "area-fill", type: "fill", source: "area", paint: { "fill-color": tone("--focus"), "fill-opacity": 0.1 } });
}

export function addAreaLine(map: MapLibre): void {
  map.addLayer({ id: "area-line", type: "line", source: "area", paint: { "line-color": tone("--ink"), "line-width": 2, "line-dasharray": [3, 2] } });
}

export function showArea(map: MapLibre, area: Geometry | null): void {
  map.getSource<GeoJSONSource>("area")?.setData(area ? { type: "Feature", geometry: area, properties: {} } : EMPTY);
}
