// The planner's map: outlines of the answer, changes by sign and pattern as well as colour, and the area.
import type { Geometry } from "geojson";
import type { ExpressionSpecification, GeoJSONSource, Map as MapLibre } from "maplibre-gl";
import { addAreaFill, addAreaLine } from "../map/area_layer";
import { boundsOf, CHANGE_SIGNS, CHANGES, type Change, type RowFeature } from "./answer";

const EMPTY: GeoJSON.FeatureCollection = { type: "FeatureCollection", features: [] };
const ROW_LAYERS = ["rows-fill", "rows-line", "rows-point"];
const TONES: Record<Change | "row", string> = { row: "--act", new: "--ok", changed: "--due", withdrawn: "--late" };
const HATCH_PX = 12;

export function addAnswerLayers(map: MapLibre): void {
  const css = getComputedStyle(document.documentElement);
  const tone = (name: string): string => css.getPropertyValue(name).trim();
  for (const id of ["rows", "signs"]) map.addSource(id, { type: "geojson", data: EMPTY });
  for (const change of CHANGES) map.addImage(`hatch-${change}`, hatch(change, tone(TONES[change])), { pixelRatio: 1 });
  const colour: ExpressionSpecification = ["match", ["get", "change"], ...CHANGES.flatMap((one) => [one, tone(TONES[one])]), tone(TONES.row)] as unknown as ExpressionSpecification;
  const isOn: ExpressionSpecification = ["boolean", ["feature-state", "on"], false];
  addAreaFill(map);
  map.addLayer({ id: "rows-fill", type: "fill", source: "rows", filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": colour, "fill-opacity": ["case", isOn, 0.6, 0.2] } });
  for (const change of CHANGES) {
    map.addLayer({ id: `rows-${change}`, type: "fill", source: "rows", filter: ["all", ["==", ["geometry-type"], "Polygon"], ["==", ["get", "change"], change]], paint: { "fill-pattern": `hatch-${change}`, "fill-opacity": 0.75 } });
  }
  map.addLayer({ id: "rows-line", type: "line", source: "rows", filter: ["!=", ["geometry-type"], "Point"], paint: { "line-color": ["case", isOn, tone("--ink"), colour], "line-width": ["case", isOn, 4, 1.8] } });
  map.addLayer({ id: "rows-point", type: "circle", source: "rows", filter: ["==", ["geometry-type"], "Point"],
    paint: { "circle-radius": ["case", isOn, 9, 6], "circle-color": colour, "circle-stroke-color": ["case", isOn, tone("--ink"), tone("--paper")], "circle-stroke-width": 2 } });
  map.addLayer({ id: "rows-sign", type: "symbol", source: "signs", minzoom: 16,
    layout: { "text-field": ["get", "sign"], "text-font": ["Be Vietnam Pro"], "text-size": 20, "text-allow-overlap": true },
    paint: { "text-color": tone("--ink"), "text-halo-color": tone("--paper"), "text-halo-width": 2 } });
  addAreaLine(map);
}

/** New: crosses; changed: lines to the right; withdrawn: lines to the left. Told apart in black and white too. */
function hatch(change: Change, colour: string): ImageData {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = HATCH_PX;
  const pen = canvas.getContext("2d") as CanvasRenderingContext2D;
  pen.strokeStyle = colour;
  pen.lineWidth = 1.6;
  const line = (...[x0, y0, x1, y1]: [number, number, number, number]): void => { pen.beginPath(); pen.moveTo(x0, y0); pen.lineTo(x1, y1); pen.stroke(); };
  const [end, middle] = [HATCH_PX, HATCH_PX / 2];
  if (change === "new") { line(middle, 2, middle, end - 2); line(2, middle, end - 2, middle); }
  if (change === "changed") { line(0, end, end, 0); line(-1, 1, 1, -1); line(end - 1, end + 1, end + 1, end - 1); }
  if (change === "withdrawn") { line(0, 0, end, end); line(-1, end - 1, 1, end + 1); line(end - 1, -1, end + 1, 1); }
  return pen.getImageData(0, 0, HATCH_PX, HATCH_PX);
}

export function showRows(map: MapLibre, features: readonly RowFeature[]): void {
  map.removeFeatureState({ source: "rows" });
  const drawn = features.flatMap(({ geometry, properties }, index) =>
    geometry ? [{ type: "Feature" as const, id: index, geometry, properties: { index, change: properties.change ?? "" } }] : []);
  map.getSource<GeoJSONSource>("rows")?.setData({ type: "FeatureCollection", features: drawn });
  const signs = drawn.flatMap((one) => {
    const sign = CHANGE_SIGNS[one.properties.change as Change];
    const bounds = sign ? boundsOf([one.geometry]) : null;
    const middle = bounds && [(bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2];
    return middle ? [{ type: "Feature" as const, geometry: { type: "Point" as const, coordinates: middle }, properties: { sign } }] : [];
  });
  map.getSource<GeoJSONSource>("signs")?.setData({ type: "FeatureCollection", features: signs });
}

export function markRow(map: MapLibre, before: number | null, now: number | null): void {
  if (before !== null) map.setFeatureState({ source: "rows", id: before }, { on: false });
  if (now !== null) map.setFeatureState({ source: "rows", id: now }, { on: true });
}

export function goTo(map: MapLibre, shapes: readonly (Geometry | null)[]): void {
  const bounds = boundsOf(shapes);
  if (bounds) map.fitBounds(bounds, { padding: 40, maxZoom: 19, duration: 0 });
}

/** The row under a point of the map, by its number; null where there is none. */
export function rowAt(map: MapLibre, point: { x: number; y: number }): number | null {
  const [hit] = map.queryRenderedFeatures([point.x, point.y], { layers: ROW_LAYERS });
  return typeof hit?.properties.index === "number" ? hit.properties.index : null;
}
