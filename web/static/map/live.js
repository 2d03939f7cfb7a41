// Flags, cases and cameras for signed-in staff: live tiles, asked again while the page is looked at; and their list twin.
import { addSymbols } from "./symbols.js";

const REFRESH_MS = 10000;
const LIVE = ["camera_views", "cameras", "flags", "cases"];

export async function showLive(map, config, here) {
  addSymbols(map);
  for (const name of LIVE) {
    map.addSource(name, { type: "vector", tiles: [tileUrl(name)], minzoom: 8, maxzoom: 18 });
  }
  map.addLayer({ id: "camera_views-fill", type: "fill", source: "camera_views", "source-layer": "camera_views", minzoom: 14,
    paint: { "fill-color": "#2C4A7C", "fill-opacity": 0.1 } });
  map.addLayer({ id: "camera_views", type: "line", source: "camera_views", "source-layer": "camera_views", minzoom: 14,
    paint: { "line-color": "#2C4A7C", "line-width": 1.2, "line-dasharray": [3, 2] } });
  map.addLayer({ id: "cameras", type: "symbol", source: "cameras", "source-layer": "cameras", minzoom: 14,
    layout: { "icon-image": "camera", "icon-allow-overlap": true } });
  map.addLayer({ id: "flags", type: "symbol", source: "flags", "source-layer": "flags",
    layout: { "icon-image": ["get", "verdict"], "icon-allow-overlap": true, "symbol-sort-key": ["get", "priority"] } });
  map.addLayer({ id: "cases", type: "symbol", source: "cases", "source-layer": "cases",
    layout: { "icon-image": ["case", ["get", "is_closed"], "case-closed", ["get", "is_late"], "case-late", "case-open"],
      "icon-allow-overlap": true, "icon-anchor": "bottom", "icon-offset": [0, -6] } });
  for (const name of ["flags", "cases"]) addClusters(map, name);
  const boxes = [...document.querySelectorAll("[data-verdict]")];
  const filter = () => map.setFilter("flags", ["in", ["get", "verdict"], ["literal", boxes.filter((b) => b.checked).map((b) => b.dataset.verdict)]]);
  boxes.forEach((box) => box.addEventListener("change", () => { filter(); tell(map, config, here); }));
  filter();
  for (const id of ["flags", "cases"]) {
    map.on("mouseenter", id, () => { map.getCanvas().style.cursor = "pointer"; });
    map.on("mouseleave", id, () => { map.getCanvas().style.cursor = ""; });
  }
  map.on("idle", () => tell(map, config, here));
  setInterval(() => { if (!document.hidden) ["flags", "cases"].forEach((name) => map.getSource(name).setTiles([tileUrl(name)])); }, REFRESH_MS);
}

// A square with too many signs for one tile comes as clusters; their counts add up to all of them.
function addClusters(map, name) {
  const shared = { source: name, "source-layer": `${name}_cluster` };
  map.addLayer({ id: `${name}-cluster`, type: "circle", ...shared,
    paint: { "circle-color": name === "flags" ? "#FFFFFF" : "#14212B", "circle-stroke-color": name === "flags" ? "#A5231C" : "#FFFFFF", "circle-stroke-width": 2,
      "circle-radius": ["interpolate", ["linear"], ["log10", ["get", "count"]], 0, 9, 4, 22] } });
  map.addLayer({ id: `${name}-cluster-count`, type: "symbol", ...shared,
    layout: { "text-field": ["to-string", ["get", "count"]], "text-font": ["Be Vietnam Pro"], "text-size": 11, "text-allow-overlap": true },
    paint: { "text-color": name === "flags" ? "#A5231C" : "#FFFFFF" } });
}

function tileUrl(name) {
  return `${location.origin}/tiles/${name}/{z}/{x}/{y}.pbf`;
}

// Counts beside the verdicts, and every sign on show as a list for keyboard and screen reader.
function tell(map, config, here) {
  const flags = unique(map.queryRenderedFeatures({ layers: ["flags"] }), "id");
  const cases = unique(map.queryRenderedFeatures({ layers: ["cases"] }), "code");
  for (const cell of document.querySelectorAll("[data-count]")) {
    cell.textContent = flags.filter((flag) => flag.properties.verdict === cell.dataset.count).length || "";
  }
  const list = document.getElementById("twin-list");
  const rows = [...flags.map((f) => row(config, here, f, flagWords(config, f))), ...cases.map((c) => row(config, here, c, caseWords(config, c)))];
  list.replaceChildren(...(rows.length ? rows : [Object.assign(document.createElement("li"), { textContent: config.words.list_empty })]));
}

function unique(features, key) {
  return [...new Map(features.map((feature) => [feature.properties[key], feature])).values()];
}

export function flagWords(config, feature) {
  const { verdict, use } = feature.properties;
  return `${config.words[verdict]}: ${config.words[`use_${use}`] || use}`;
}

export function caseWords(config, feature) {
  return `${config.words.case} ${feature.properties.code}: ${config.words[`use_${feature.properties.use}`] || ""}`;
}

function row(config, here, feature, words) {
  const item = document.createElement("li");
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = words;
  const [lng, lat] = feature.geometry.coordinates;
  button.addEventListener("click", () => here.ask({ lngLat: { lng, lat }, features: [feature] }));
  item.append(button);
  return item;
}
