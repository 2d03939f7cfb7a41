// The map: starts MapLibre with the city's style, then the layers and the "what is here" panel.
// All words come from the page (#map-config); this script holds no text.
import * as maplibre from "/static/vendor/maplibre-gl/maplibre-gl.mjs";
import { makeLayerList } from "./layers.js";
import { makeHere } from "./here.js";
import { makeImagery } from "./imagery.js";

maplibre.setWorkerUrl("/static/vendor/maplibre-gl/maplibre-gl-worker.mjs");

const config = JSON.parse(document.getElementById("map-config").textContent);

async function start() {
  await Promise.all(["400", "500", "600"].map((weight) => document.fonts.load(`${weight} 13px "Be Vietnam Pro"`, "Vỉa hè")));
  const query = `?city=${encodeURIComponent(config.city)}`;
  const [style, legend] = await Promise.all([getJson(`/tiles/style.json${query}`), getJson(`/tiles/legend.json${query}`)]);
  const map = new maplibre.Map({
    container: "map", style, center: config.center, zoom: config.zoom, minZoom: 8, maxZoom: 21,
    hash: "at", attributionControl: false, dragRotate: false, pitchWithRotate: false, keyboard: true,
    locale: { "NavigationControl.ZoomIn": config.words.closer, "NavigationControl.ZoomOut": config.words.farther, "GeolocateControl.FindMyLocation": config.words.where, "AttributionControl.ToggleAttribution": config.words.sources },
  });
  map.touchZoomRotate.disableRotation();
  map.addControl(new maplibre.NavigationControl({ showCompass: false }), "bottom-right");
  map.addControl(new maplibre.GeolocateControl({ trackUserLocation: false }), "bottom-right");
  map.addControl(new maplibre.ScaleControl({ unit: "metric" }), "bottom-left");
  map.addControl(new maplibre.AttributionControl({ compact: true, customAttribution: attribution(legend) }), "bottom-left");
  foldLayersOnPhones();
  const here = makeHere(map, maplibre, config, legend);
  map.on("load", async () => {
    makeLayerList(map, legend, config);
    makeImagery(map, maplibre, config, await getJson(`/imagery.json${query}`));
    document.querySelector(".maplibregl-ctrl-attrib")?.classList.remove("maplibregl-compact-show");
    document.getElementById("map").dataset.ready = "yes";
  });
  map.on("click", (event) => here.ask(event));
  map.on("mousemove", (event) => tellPlace(event.lngLat));
  map.on("moveend", () => tellPlace(map.getCenter()));
  map.on("error", (event) => console.warn(event.error && event.error.message));
  map.getCanvas().addEventListener("keydown", (event) => {
    if (event.key === "Enter") here.ask({ lngLat: map.getCenter(), point: map.project(map.getCenter()) });
    if (event.key === "Escape") here.close();
  });
  window.viahe = { map };
}

async function getJson(url) {
  const answer = await fetch(url, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  return answer.json();
}

function tellPlace(lngLat) {
  const digits = new Intl.NumberFormat(config.locale, { minimumFractionDigits: 5, maximumFractionDigits: 5 });
  document.getElementById("map-place").textContent = `${digits.format(lngLat.lng)} · ${digits.format(lngLat.lat)}`;
}

function attribution(legend) {
  const sources = Object.values(legend.layers).flat().map((source) => source.licence && `${source.title} (${source.licence})`);
  return [...new Set(sources.filter(Boolean))].join(" · ");
}

function foldLayersOnPhones() {
  if (window.matchMedia("(max-width: 760px)").matches) document.querySelector(".map-layers").open = false;
}

start().catch((error) => {
  const note = document.createElement("p");
  note.className = "map-note";
  note.setAttribute("role", "alert");
  note.textContent = `${config.words.failed} (${error.message})`;
  document.querySelector("main").append(note);
});
