// What cameras see of the ground and how well: of each camera in the frame the ground within 0.5, 1 and 2 m of error, as its
// calibration says. Told apart by dashes and by words on the line; fetched when somebody comes near, once per camera.
import type { Feature, FeatureCollection, Polygon } from "geojson";
import type { GeoJSONSource, Map as MapLibre } from "maplibre-gl";
import { send } from "../api/client";

const SOURCE = "camera_bands";
const NEAR_ZOOM = 15;
const MOST = 30;
const known = new Map<number, Promise<Feature<Polygon>[]>>();
const drawn = new WeakMap<MapLibre, string>();

interface Band { kind: string; error_m: number }
interface Listed { features: { id: number; geometry: { coordinates: [number, number] } | null }[] }

let cameras: Promise<Listed> | null = null;

/** Bands of the cameras in the frame. Answers how many cameras were left out because the frame holds too many. */
export async function drawBands(map: MapLibre, isShown: boolean, sayMetres: (metres: number) => string): Promise<number> {
  if (!isShown || map.getZoom() < NEAR_ZOOM) {
    if (drawn.get(map)) put(map, []);
    drawn.set(map, "");
    return 0;
  }
  cameras ??= send("GET", "/api/v1/cameras") as Promise<Listed>;
  cameras.catch(() => (cameras = null));
  const frame = map.getBounds();
  const inside = (await cameras).features.filter((one) => one.geometry && frame.contains(one.geometry.coordinates));
  const left = Math.max(0, inside.length - MOST);
  const names = `${sayMetres(1)} ${inside.slice(0, MOST).map((one) => one.id).join()}`;
  if (drawn.get(map) === names) return left; // drawing wakes the map, which asks again when it rests
  const found = await Promise.all(inside.slice(0, MOST).map((one) => viewOf(one.id)));
  drawn.set(map, names);
  put(map, found.flat().map((band) => ({ ...band, properties: { ...band.properties, words: sayMetres(Number(band.properties?.error_m)) } })));
  return left;
}

function viewOf(id: number): Promise<Feature<Polygon>[]> {
  const kept = known.get(id);
  if (kept) return kept;
  const asking = (send("GET", `/api/v1/cameras/${id}/view`) as Promise<FeatureCollection<Polygon, Band>>)
    .then((view) => view.features.filter((one) => one.properties.kind === "error_band"));
  asking.catch(() => known.delete(id));
  known.set(id, asking);
  return asking;
}

function put(map: MapLibre, features: Feature<Polygon>[]): void {
  const source = map.getSource<GeoJSONSource>(SOURCE);
  if (source) source.setData({ type: "FeatureCollection", features });
  else if (features.length) add(map, features);
}

function add(map: MapLibre, features: Feature<Polygon>[]): void {
  const colour = getComputedStyle(document.documentElement).getPropertyValue("--local").trim();
  map.addSource(SOURCE, { type: "geojson", data: { type: "FeatureCollection", features } });
  const below = map.getLayer("cameras") ? "cameras" : undefined;
  map.addLayer({ id: "camera_bands-fill", type: "fill", source: SOURCE, paint: { "fill-color": colour, "fill-opacity": 0.13 } }, below);
  const dashes: [number, number[]][] = [[0.5, [1, 0]], [1, [4, 2]], [2, [1, 2]]];
  for (const [error_m, dash] of dashes) {
    map.addLayer({ id: `camera_bands-${error_m}`, type: "line", source: SOURCE, filter: ["==", ["get", "error_m"], error_m],
      paint: { "line-color": colour, "line-width": 1.6, "line-dasharray": dash } }, below);
  }
  map.addLayer({ id: "camera_bands-words", type: "symbol", source: SOURCE, minzoom: 17,
    layout: { "symbol-placement": "line", "text-field": ["get", "words"], "text-font": ["Be Vietnam Pro"], "text-size": 12, "symbol-spacing": 180 },
    paint: { "text-color": colour, "text-halo-color": "#fff", "text-halo-width": 1.5 } }, below);
}
