// The map of the planner's page: outlines of the answer, and drawing an area corner by corner. Null where no map can run.
import * as maplibre from "/static/vendor/maplibre-gl/maplibre-gl.mjs";

const EMPTY = { type: "FeatureCollection", features: [] };
const NEAR_PX = 12;

export async function makeMap(box, config, { onArea, onPick }) {
  maplibre.setWorkerUrl("/static/vendor/maplibre-gl/maplibre-gl-worker.mjs");
  let map;
  try {
    map = new maplibre.Map({
      container: box, style: `/tiles/style.json?city=${encodeURIComponent(config.city)}`, center: config.center, zoom: config.zoom,
      dragRotate: false, attributionControl: { compact: true },
    });
  } catch (error) {
    console.warn(error.message);
    return null;
  }
  map.addControl(new maplibre.NavigationControl({ showCompass: false }), "bottom-right");
  await new Promise((resolve) => map.once("load", resolve));
  addLayers(map);
  const drawing = makeDrawing(map, (area) => { showArea(area); onArea(area); });
  map.on("click", (event) => {
    if (drawing.click(event)) return;
    const [hit] = map.queryRenderedFeatures(event.point, { layers: ["rows-fill", "rows-line", "rows-point"] });
    if (hit) onPick(hit.properties.index);
  });
  box.dataset.ready = "yes";
  window.viahePlanner = { map };

  function showArea(area) {
    map.getSource("area").setData(area ? toCollection(area) : EMPTY);
  }
  function showRows(features) {
    const shown = features.filter((one) => one.geometry).map((one, index) => ({ ...one, properties: { index } }));
    map.getSource("rows").setData({ type: "FeatureCollection", features: shown });
    if (shown.length) fit(map, shown.map((one) => one.geometry));
  }
  return { showArea, showRows, startDrawing: drawing.start, goTo: (geometry) => geometry && fit(map, [geometry]) };
}

function toCollection(area) {
  if (area.type === "FeatureCollection" || area.type === "Feature") return area;
  return { type: "Feature", geometry: area, properties: {} };
}

function addLayers(map) {
  for (const id of ["rows", "area", "corners"]) map.addSource(id, { type: "geojson", data: EMPTY });
  map.addLayer({ id: "rows-fill", type: "fill", source: "rows", filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": "#0B5A60", "fill-opacity": 0.22 } });
  map.addLayer({ id: "rows-line", type: "line", source: "rows", filter: ["!=", ["geometry-type"], "Point"], paint: { "line-color": "#0B5A60", "line-width": 2 } });
  map.addLayer({ id: "rows-point", type: "circle", source: "rows", filter: ["==", ["geometry-type"], "Point"], paint: { "circle-radius": 6, "circle-color": "#0B5A60", "circle-stroke-color": "#fff", "circle-stroke-width": 2 } });
  map.addLayer({ id: "area-fill", type: "fill", source: "area", paint: { "fill-color": "#FFB300", "fill-opacity": 0.12 } });
  map.addLayer({ id: "area-line", type: "line", source: "area", paint: { "line-color": "#14212B", "line-width": 2, "line-dasharray": [3, 2] } });
  map.addLayer({ id: "corners-line", type: "line", source: "corners", paint: { "line-color": "#14212B", "line-width": 2 } });
  map.addLayer({ id: "corners-point", type: "circle", source: "corners", filter: ["==", ["geometry-type"], "Point"], paint: { "circle-radius": 7, "circle-color": "#FFB300", "circle-stroke-color": "#14212B", "circle-stroke-width": 2 } });
}

function makeDrawing(map, done) {
  let corners = null;
  function paint() {
    const points = (corners ?? []).map((at) => ({ type: "Feature", geometry: { type: "Point", coordinates: at }, properties: {} }));
    const line = (corners ?? []).length > 1 ? [{ type: "Feature", geometry: { type: "LineString", coordinates: corners }, properties: {} }] : [];
    map.getSource("corners").setData({ type: "FeatureCollection", features: [...line, ...points] });
  }
  function close() {
    const ring = [...corners, corners[0]];
    corners = null;
    map.getCanvas().style.cursor = "";
    map.doubleClickZoom.enable();
    paint();
    done({ type: "Polygon", coordinates: [ring] });
  }
  return {
    start() {
      corners = [];
      map.getCanvas().style.cursor = "crosshair";
      map.doubleClickZoom.disable();
      paint();
    },
    click(event) {
      if (!corners) return false;
      const first = corners.length > 2 && map.project(corners[0]);
      if (first && Math.hypot(first.x - event.point.x, first.y - event.point.y) < NEAR_PX) close();
      else corners.push([Number(event.lngLat.lng.toFixed(7)), Number(event.lngLat.lat.toFixed(7))]);
      if (corners) paint();
      return true;
    },
  };
}

function fit(map, geometries) {
  const bounds = new maplibre.LngLatBounds();
  const walk = (part) => (typeof part[0] === "number" ? bounds.extend(part) : part.forEach(walk));
  geometries.forEach((geometry) => walk(geometry.coordinates));
  map.fitBounds(bounds, { padding: 40, maxZoom: 18, duration: 0 });
}
