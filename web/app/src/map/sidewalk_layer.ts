// The layer of what sidewalks are for at the moment: told apart by pattern, not by colour alone.
import type { ExpressionSpecification, Map as MapLibre } from "maplibre-gl";
import { classOf, USE_CLASSES, type LocalMoment, type UseClass } from "./sidewalk_uses";

const LAYER = "sidewalk-uses";
const SOURCE = "base";
const BELOW = "buildings-fill";
const SIZE = 16;

/** The pattern as it is drawn, for the legend of a saved view. */
export function patternOf(name: UseClass): HTMLCanvasElement {
  const colour = (token: string): string => getComputedStyle(document.documentElement).getPropertyValue(token).trim();
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIZE;
  const pen = canvas.getContext("2d");
  if (!pen) throw new Error("no canvas");
  pen.fillStyle = colour("--map-walk");
  pen.fillRect(0, 0, SIZE, SIZE);
  pen.strokeStyle = pen.fillStyle = colour(name === "closed" ? "--ink-3" : "--ok");
  pen.lineWidth = 3;
  const line = (x0: number, y0: number, x1: number, y1: number): void => { pen.beginPath(); pen.moveTo(x0, y0); pen.lineTo(x1, y1); pen.stroke(); };
  if (name === "parking") for (const x of [4, 12]) line(x, 0, x, SIZE);
  if (name === "trading") for (const [x, y] of [[4, 4], [12, 12]] as const) { pen.beginPath(); pen.arc(x, y, 2.6, 0, 7); pen.fill(); }
  if (name === "other") for (const y of [4, 12]) line(0, y, SIZE, y);
  if (name === "closed") { pen.lineWidth = 1.6; line(0, 0, SIZE, SIZE); line(0, SIZE, SIZE, 0); }
  return canvas;
}

/** The pattern as a picture for the legend. */
export function patternUrl(name: UseClass): string {
  return patternOf(name).toDataURL();
}

/** Draws or updates the layer; stretches without a listed use stay as the base map draws them. */
export function drawSidewalkUses(map: MapLibre, isShown: boolean, moment: LocalMoment): void {
  if (!isShown || !map.getSource(SOURCE)) {
    if (map.getLayer(LAYER)) map.setLayoutProperty(LAYER, "visibility", "none");
    return;
  }
  for (const name of USE_CLASSES) if (!map.hasImage(`walk-${name}`)) addPattern(map, name);
  if (!map.getLayer(LAYER)) {
    map.addLayer({ id: LAYER, type: "fill", source: SOURCE, "source-layer": "sidewalks", minzoom: 15, filter: ["has", "uses"],
      paint: { "fill-pattern": "walk-closed" } }, map.getLayer(BELOW) ? BELOW : undefined);
  }
  map.setLayoutProperty(LAYER, "visibility", "visible");
  map.setPaintProperty(LAYER, "fill-pattern", patternBy(listKinds(map), moment));
}

function addPattern(map: MapLibre, name: UseClass): void {
  const pen = patternOf(name).getContext("2d");
  if (pen) map.addImage(`walk-${name}`, pen.getImageData(0, 0, SIZE, SIZE), { pixelRatio: 2 });
}

/** The different lists of uses among the loaded stretches: a city has few. */
function listKinds(map: MapLibre): string[] {
  const loaded = map.querySourceFeatures(SOURCE, { sourceLayer: "sidewalks", filter: ["has", "uses"] });
  return [...new Set(loaded.map((feature) => String(feature.properties.uses)))].sort();
}

function patternBy(kinds: readonly string[], moment: LocalMoment): ExpressionSpecification | string {
  const pairs = kinds.flatMap((kind) => [kind, `walk-${classOf(kind, moment)}`]);
  return pairs.length ? (["match", ["get", "uses"], ...pairs, "walk-closed"] as unknown as ExpressionSpecification) : "walk-closed";
}
