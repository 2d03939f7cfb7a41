// A map of outlines that would change, or of places of faults: signs as well as colours, one of them marked.
import type { Geometry } from "geojson";
import type { GeoJSONSource, Map as MapLibre } from "maplibre-gl";
import { loadMapFont, makeMap } from "../map/make_map";
import { session, type City } from "../session.svelte";
import type { Words } from "../words/en";

const EMPTY: GeoJSON.FeatureCollection = { type: "FeatureCollection", features: [] };
export interface Mark { id: number; geometry: Geometry | null; kind: string; sign: string }
/** The custom property of tokens.css that a kind is drawn in. */
export type Tones = Record<string, string>;

/** Makes the map in a box and hands it over when it can be drawn on; the answer takes it down again. */
export function openMap(box: HTMLElement, city: City, words: Words["map"], tones: Tones, ready: (map: MapLibre) => void, picked: (id: number) => void, failed: () => void): () => void {
  let made: MapLibre | null = null;
  let isOver = false;
  const [lon = 0, lat = 0] = city.center;
  void loadMapFont().then(() => {
    if (isOver) return;
    const style = `${location.origin}/tiles/style.json?${new URLSearchParams({ city: city.slug, theme: session.theme })}`;
    const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
    try {
      made = makeMap({ container: box, style, frame: { lon, lat, zoom: city.zoom }, words, isStill });
    } catch {
      failed();
      return;
    }
    const map = made;
    map.once("style.load", () => { addLayers(map, tones); ready(map); box.dataset.state = "idle"; });
    map.on("click", (event) => {
      const { x, y } = event.point;
      const [hit] = map.queryRenderedFeatures([[x - 8, y - 8], [x + 8, y + 8]], { layers: ["marks-fill", "marks-line", "marks-point"] });
      if (typeof hit?.id === "number") picked(hit.id);
    });
  });
  return () => { isOver = true; made?.remove(); };
}

function addLayers(map: MapLibre, tones: Tones): void {
  const css = getComputedStyle(document.documentElement);
  const tone = (name: string): string => css.getPropertyValue(name).trim();
  const pairs = Object.entries(tones).flatMap(([kind, name]) => [kind, tone(name)]);
  const colour = ["match", ["get", "kind"], ...pairs, tone("--act")] as unknown as string;
  const isOn = ["boolean", ["feature-state", "on"], false];
  map.addSource("marks", { type: "geojson", data: EMPTY });
  map.addSource("mark-signs", { type: "geojson", data: EMPTY });
  map.addLayer({ id: "marks-fill", type: "fill", source: "marks", filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": colour, "fill-opacity": ["case", isOn, 0.55, 0.22] as unknown as number } });
  map.addLayer({ id: "marks-line", type: "line", source: "marks", filter: ["!=", ["geometry-type"], "Point"], paint: { "line-color": colour, "line-width": ["case", isOn, 4, 2] as unknown as number } });
  map.addLayer({ id: "marks-point", type: "circle", source: "marks", filter: ["==", ["geometry-type"], "Point"],
    paint: { "circle-radius": ["interpolate", ["linear"], ["zoom"], 13, ["case", isOn, 9, 5], 16, ["case", isOn, 14, 10]] as unknown as number, "circle-color": tone("--paper"), "circle-stroke-color": colour, "circle-stroke-width": ["case", isOn, 4, 2.5] as unknown as number } });
  map.addLayer({ id: "marks-sign", type: "symbol", source: "mark-signs", minzoom: 14.5,
    layout: { "text-field": ["get", "sign"], "text-font": ["Be Vietnam Pro"], "text-size": 15, "text-allow-overlap": true },
    paint: { "text-color": tone("--ink"), "text-halo-color": tone("--paper"), "text-halo-width": 1.5 } });
}

export function showMarks(map: MapLibre, marks: readonly Mark[]): void {
  map.removeFeatureState({ source: "marks" });
  const placed = marks.filter((one): one is Mark & { geometry: Geometry } => one.geometry !== null);
  const features = placed.map(({ id, geometry, kind, sign }) => ({ type: "Feature" as const, id, geometry, properties: { kind, sign } }));
  map.getSource<GeoJSONSource>("marks")?.setData({ type: "FeatureCollection", features });
  const signs = placed.map(({ geometry, sign }) => ({ type: "Feature" as const, geometry: { type: "Point" as const, coordinates: middleOf(geometry) }, properties: { sign } }));
  map.getSource<GeoJSONSource>("mark-signs")?.setData({ type: "FeatureCollection", features: signs });
}

export function mark(map: MapLibre, before: number | null, now: number | null): void {
  if (before !== null) map.setFeatureState({ source: "marks", id: before }, { on: false });
  if (now !== null) map.setFeatureState({ source: "marks", id: now }, { on: true });
}

export function middleOf(shape: Geometry): [number, number] {
  const points: [number, number][] = [];
  const walk = (part: unknown): void => {
    if (!Array.isArray(part)) return;
    if (typeof part[0] === "number") points.push(part as [number, number]);
    else part.forEach(walk);
  };
  walk(shape.type === "GeometryCollection" ? [] : shape.coordinates);
  const of = (which: 0 | 1): number => (Math.min(...points.map((one) => one[which])) + Math.max(...points.map((one) => one[which]))) / 2;
  return points.length ? [of(0), of(1)] : [0, 0];
}

/** West, south, east, north of all marks that have a place; null of none. */
export function boundsOf(marks: readonly Mark[]): [number, number, number, number] | null {
  const middles = marks.flatMap((one) => (one.geometry ? [middleOf(one.geometry)] : []));
  if (!middles.length) return null;
  const [lons, lats] = [middles.map(([lon]) => lon), middles.map(([, lat]) => lat)];
  return [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)];
}
