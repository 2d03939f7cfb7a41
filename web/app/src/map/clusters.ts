// Signs that lie too close to be told apart, gathered into counted groups: a grid of screen cells. Pure.
import type { Feature, FeatureCollection, Point } from "geojson";

export interface Dot {
  id: string;
  lon: number;
  lat: number;
  verdict: string;
}

export interface Group {
  count: number;
  flagged: number;
  verdict: string;
  id: string;
}

const CELL_PX = 56;
const TILE_PX = 512;

/** World pixels of a point at a zoom (Web Mercator, 512 px tiles as MapLibre counts). */
export function toWorld(lon: number, lat: number, zoom: number): [number, number] {
  const size = TILE_PX * 2 ** zoom;
  const sin = Math.sin((lat * Math.PI) / 180);
  return [((lon + 180) / 360) * size, (0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI)) * size];
}

/** One feature per occupied cell, at the mean of its dots; a lone dot keeps its own id and verdict. */
export function gather(dots: readonly Dot[], zoom: number): FeatureCollection<Point, Group> {
  const cells = new Map<string, { dots: Dot[]; lon: number; lat: number }>();
  const whole = Math.floor(zoom);
  for (const dot of dots) {
    const [x, y] = toWorld(dot.lon, dot.lat, whole);
    const key = `${Math.floor(x / CELL_PX)}:${Math.floor(y / CELL_PX)}`;
    const cell = cells.get(key);
    if (cell) { cell.dots.push(dot); cell.lon += dot.lon; cell.lat += dot.lat; }
    else cells.set(key, { dots: [dot], lon: dot.lon, lat: dot.lat });
  }
  return { type: "FeatureCollection", features: [...cells.values()].map(toFeature) };
}

function toFeature({ dots, lon, lat }: { dots: Dot[]; lon: number; lat: number }): Feature<Point, Group> {
  const flagged = dots.filter((dot) => dot.verdict === "flagged").length;
  const [first] = dots as [Dot];
  return {
    type: "Feature",
    geometry: { type: "Point", coordinates: [lon / dots.length, lat / dots.length] },
    properties: { count: dots.length, flagged, verdict: first.verdict, id: dots.length === 1 ? first.id : "" },
  };
}
