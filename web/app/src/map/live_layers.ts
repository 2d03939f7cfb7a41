// Flags, cases and cameras on the map: live tiles, filtered here, asked again while the page is looked at.
import type { ExpressionSpecification, FilterSpecification, GeoJSONSource, Map as MapLibre, MapGeoJSONFeature, VectorTileSource } from "maplibre-gl";
import { gather, type Dot } from "./clusters";
import type { MapState } from "./link";
import { addSigns } from "./signs";

export const LIVE = ["camera_views", "cameras", "flags", "cases"] as const;
export type LiveName = (typeof LIVE)[number];
const CLICKABLE = ["flags", "cases", "groups", "cameras"];
const DAY_S = 86_400;
/** Bounds in which no tile is asked for: the layers are there and hold nothing. */
const NOWHERE: [number, number, number, number] = [0, 0, 1e-6, 1e-6];

/** Without `readsCases` flags and cases are not asked for: the server would refuse each tile. */
export function addLive(map: MapLibre, readsCases: boolean): void {
  addSigns(map);
  for (const name of LIVE) {
    const isRead = readsCases || (name !== "flags" && name !== "cases");
    map.addSource(name, { type: "vector", tiles: [`${location.origin}/tiles/${name}/{z}/{x}/{y}.pbf`], minzoom: 8, maxzoom: 18, ...(isRead ? {} : { bounds: NOWHERE }) });
  }
  map.addSource("groups", { type: "geojson", data: { type: "FeatureCollection", features: [] } });
  const css = getComputedStyle(document.documentElement);
  const colour = (name: string): string => css.getPropertyValue(name).trim();
  const live = (name: LiveName): { source: string; "source-layer": string } => ({ source: name, "source-layer": name });
  map.addLayer({ id: "camera_views-fill", type: "fill", ...live("camera_views"), minzoom: 14, paint: { "fill-color": colour("--local"), "fill-opacity": 0.12 } });
  map.addLayer({ id: "camera_views", type: "line", ...live("camera_views"), minzoom: 14, paint: { "line-color": colour("--local"), "line-width": 1.3, "line-dasharray": [3, 2] } });
  map.addLayer({ id: "cameras", type: "symbol", ...live("cameras"), minzoom: 14, layout: { "icon-image": "camera", "icon-allow-overlap": true } });
  map.addLayer({ id: "heat", type: "heatmap", ...live("flags"), paint: { "heatmap-color": HEAT, "heatmap-radius": ["interpolate", ["linear"], ["zoom"], 10, 10, 18, 40], "heatmap-opacity": 0.7 } });
  map.addLayer({ id: "heat-many", type: "heatmap", source: "flags", "source-layer": "flags_cluster",
    paint: { "heatmap-color": HEAT, "heatmap-weight": ["min", 1, ["/", ["get", "count"], 40]], "heatmap-radius": 22, "heatmap-opacity": 0.7 } });
  map.addLayer({ id: "flags-error", type: "circle", ...live("flags"), minzoom: ERROR_FROM_ZOOM, filter: ["has", "accuracy_m"],
    paint: { "circle-radius": errorRadius(map.getCenter().lat), "circle-color": colour("--flag"), "circle-opacity": 0.06, "circle-stroke-color": colour("--flag"), "circle-stroke-opacity": 0.55, "circle-stroke-width": 1 } });
  map.addLayer({ id: "flags", type: "symbol", ...live("flags"),
    layout: { "icon-image": ["get", "verdict"], "icon-allow-overlap": true, "symbol-sort-key": ["coalesce", ["get", "priority"], 0] } });
  const size: ExpressionSpecification = ["interpolate", ["linear"], ["get", "count"], 2, 13, 100, 22, 5000, 34];
  map.addLayer({ id: "groups", type: "circle", source: "groups", filter: [">", ["get", "count"], 1],
    paint: { "circle-radius": size, "circle-color": colour("--paper"), "circle-stroke-color": colour("--flag"), "circle-stroke-width": 2.5 } });
  map.addLayer({ id: "groups-count", type: "symbol", source: "groups", filter: [">", ["get", "count"], 1],
    layout: { "text-field": ["to-string", ["get", "count"]], "text-font": ["Be Vietnam Pro"], "text-size": 13, "text-allow-overlap": true }, paint: { "text-color": colour("--ink") } });
  map.addLayer({ id: "groups-one", type: "symbol", source: "groups", filter: ["==", ["get", "count"], 1],
    layout: { "icon-image": ["get", "verdict"], "icon-allow-overlap": true } });
  for (const name of ["flags", "cases"] as const) addMany(map, name, colour(name === "flags" ? "--flag" : "--ink"), colour("--paper"));
  map.addLayer({ id: "cases", type: "symbol", ...live("cases"),
    layout: { "icon-image": ["case", ["to-boolean", ["get", "is_closed"]], "case-closed", ["to-boolean", ["get", "is_late"]], "case-late", "case-open"],
      "icon-allow-overlap": true, "icon-anchor": "bottom", "icon-offset": [0, -6] } });
}

/** From few to many; the legend shows the same colours. */
export const HEAT_COLOURS = ["#FFE9A8", "#F4A261", "#A5231C"];
const HEAT: ExpressionSpecification = ["interpolate", ["linear"], ["heatmap-density"], 0, "rgba(255,233,168,0)", ...HEAT_COLOURS.flatMap((colour, i) => [[0.15, 0.5, 1][i] ?? 1, colour])] as unknown as ExpressionSpecification;
const ERROR_FROM_ZOOM = 17, LAST_ZOOM = 22;
const EQUATOR_M = 40_075_016.686, TILE_PX = 512;

/** The position's error, `accuracy_m` on the ground, in pixels at every zoom. A city is small: its scale is that of its middle. */
export function errorRadius(lat: number): ExpressionSpecification {
  const pxPerMetre = (zoom: number): number => (TILE_PX * 2 ** zoom) / (EQUATOR_M * Math.cos((lat * Math.PI) / 180));
  return ["interpolate", ["exponential", 2], ["zoom"], ERROR_FROM_ZOOM, ["*", ["get", "accuracy_m"], pxPerMetre(ERROR_FROM_ZOOM)], LAST_ZOOM, ["*", ["get", "accuracy_m"], pxPerMetre(LAST_ZOOM)]];
}

/** A square with more signs than a tile draws comes as clusters, counted by the server; without them it would look empty. */
function addMany(map: MapLibre, name: "flags" | "cases", edge: string, ground: string): void {
  const shared = { source: name, "source-layer": `${name}_cluster` };
  const size: ExpressionSpecification = ["interpolate", ["linear"], ["log10", ["get", "count"]], 0, 9, 4, 24];
  map.addLayer({ id: `${name}-many`, type: "circle", ...shared,
    paint: { "circle-radius": size, "circle-color": ground, "circle-stroke-color": edge, "circle-stroke-width": 2.5 } });
  map.addLayer({ id: `${name}-many-count`, type: "symbol", ...shared, paint: { "text-color": edge },
    layout: { "text-field": ["to-string", ["get", "count"]], "text-font": ["Be Vietnam Pro"], "text-size": 12, "text-allow-overlap": true } });
}

/** The tiles asked for, so that the server's clusters count what the filters leave. */
export function liveUrl(name: "flags" | "cases", state: MapState, now: Date): string {
  const asked = new URLSearchParams();
  if (name === "flags") asked.set("verdict", state.verdicts.join(",") || "none");
  else asked.set("kind", state.caseStates.join(",") || "none");
  if (state.use) asked.set("use", state.use);
  if (state.ward) asked.set("ward", state.ward);
  if (state.days) asked.set("since", new Date(now.getTime() - state.days * DAY_S * 1000).toISOString().slice(0, 10));
  if (state.area) asked.set("area", state.area); // by the server alone: a tile's places are too coarse from afar
  return `${location.origin}/tiles/${name}/{z}/{x}/{y}.pbf?${asked}`;
}

function askTiles(map: MapLibre, name: "flags" | "cases", state: MapState, now: Date): void {
  const source = map.getSource<VectorTileSource>(name);
  const url = liveUrl(name, state, now);
  if (source && source.tiles?.[0] !== url) source.setTiles([url]); // a source that is still loading names none
}

/** Whole minutes: a bound that moved with every press would have all signs sorted out anew at every press. */
function sinceOf({ days }: MapState, now: Date): number {
  return 60 * Math.floor(now.getTime() / 60_000) - days * DAY_S;
}

/** What of the flags the state asks for. */
export function flagFilter(state: MapState, now: Date): FilterSpecification {
  const parts: ExpressionSpecification[] = [["in", ["get", "verdict"], ["literal", state.verdicts]]];
  if (state.use) parts.push(["==", ["get", "use"], state.use]);
  if (state.ward) parts.push(["==", ["get", "ward"], state.ward]);
  if (state.days) parts.push([">=", ["coalesce", ["get", "seen_s"], 0], sinceOf(state, now)]);
  return ["all", ...parts];
}

export function caseFilter(state: MapState, now: Date): FilterSpecification {
  const kind: ExpressionSpecification = ["case", ["to-boolean", ["get", "is_closed"]], "closed", ["to-boolean", ["get", "is_late"]], "late", "open"];
  const parts: ExpressionSpecification[] = [["in", kind, ["literal", state.caseStates]]];
  if (state.use) parts.push(["==", ["get", "use"], state.use]);
  if (state.ward) parts.push(["==", ["get", "ward"], state.ward]);
  if (state.days) parts.push([">=", ["coalesce", ["get", "opened_s"], 0], sinceOf(state, now)]);
  return ["all", ...parts];
}

export function applyState(map: MapLibre, state: MapState, isCamerasOn: boolean): void {
  if (!map.getLayer("flags")) return;
  const now = new Date();
  askTiles(map, "flags", state, now);
  askTiles(map, "cases", state, now);
  const show = (id: string, isShown: boolean): void => { map.setLayoutProperty(id, "visibility", isShown ? "visible" : "none"); };
  map.setFilter("flags", flagFilter(state, now));
  map.setFilter("flags-error", ["all", ["has", "accuracy_m"], flagFilter(state, now) as ExpressionSpecification]);
  show("flags-error", state.signs === "signs");
  map.setFilter("heat", flagFilter(state, now));
  map.setFilter("cases", caseFilter(state, now));
  show("flags", state.signs !== "heat");
  map.setPaintProperty("flags", "icon-opacity", state.signs === "signs" ? 1 : 0); // groups are gathered from its tiles
  for (const id of ["heat", "heat-many"]) show(id, state.signs === "heat");
  for (const id of ["flags-many", "flags-many-count"]) show(id, state.signs !== "heat");
  for (const id of ["groups", "groups-count", "groups-one"]) show(id, state.signs === "clusters");
  for (const id of ["cameras", "camera_views", "camera_views-fill"]) show(id, isCamerasOn);
}

export interface ShownSigns {
  flags: MapGeoJSONFeature[];
  cases: MapGeoJSONFeature[];
  /** How many of a verdict or kind stand in the server's groups, which no list names one by one. */
  grouped: Record<string, number>;
}

/** Flags and cases whose tiles are loaded and whose place is inside the frame, each once; a group where its middle is. */
export function listShown(map: MapLibre, state: MapState): ShownSigns {
  const frame = map.getBounds();
  const inside = (feature: MapGeoJSONFeature): boolean => {
    if (feature.geometry.type !== "Point") return false;
    const [lon = 0, lat = 0] = feature.geometry.coordinates;
    return frame.contains([lon, lat]);
  };
  const ask = (name: LiveName, key: string, filter: FilterSpecification): MapGeoJSONFeature[] => {
    const found = map.querySourceFeatures(name, { sourceLayer: name, filter }) as MapGeoJSONFeature[];
    return [...new Map(found.filter(inside).map((feature) => [feature.properties[key], feature])).values()];
  };
  const groups = (name: LiveName): MapGeoJSONFeature[] => (map.querySourceFeatures(name, { sourceLayer: `${name}_cluster` }) as MapGeoJSONFeature[]).filter(inside);
  const now = new Date();
  return { flags: ask("flags", "id", flagFilter(state, now)), cases: ask("cases", "code", caseFilter(state, now)), grouped: sumGroups(groups("flags"), groups("cases")) };
}

/** The server counts late cases among the open ones, the legend apart from them. */
export function sumGroups(flags: readonly { properties: Record<string, unknown> }[], cases: readonly { properties: Record<string, unknown> }[]): Record<string, number> {
  const sum = (list: typeof flags, name: string): number => list.reduce((all, one) => all + Number(one.properties[name] ?? 0), 0);
  const verdicts = Object.fromEntries(["flagged", "undetermined", "compliant"].map((name) => [name, sum(flags, name)]));
  return { ...verdicts, open: sum(cases, "open") - sum(cases, "late"), late: sum(cases, "late"), closed: sum(cases, "closed") };
}

export function gatherGroups(map: MapLibre, flags: readonly MapGeoJSONFeature[]): void {
  const dots = flags.map((flag): Dot => {
    const [lon = 0, lat = 0] = flag.geometry.type === "Point" ? flag.geometry.coordinates : [];
    return { id: flag.properties.id, verdict: flag.properties.verdict, lon, lat };
  });
  map.getSource<GeoJSONSource>("groups")?.setData(gather(dots, map.getZoom()));
}

/** What is drawn within a finger's reach of a point of the screen. */
export function liveAt(map: MapLibre, { x, y }: { x: number; y: number }): MapGeoJSONFeature[] {
  const layers = CLICKABLE.filter((id) => map.getLayer(id) && map.getLayoutProperty(id, "visibility") !== "none");
  return layers.length ? map.queryRenderedFeatures([[x - 9, y - 9], [x + 9, y + 9]], { layers }) : [];
}

export function refreshLive(map: MapLibre): void {
  for (const name of ["flags", "cases"] as const) if (map.getSource(name)) map.refreshTiles(name);
}
