// The look-up's large map over the drawn one, and the link that keeps day and hour. Both work without this script.
const LIBRARY = "/static/vendor/maplibre-gl/maplibre-gl.mjs";
const WORKER = "/static/vendor/maplibre-gl/maplibre-gl-worker.mjs";
const SHEET = "/static/vendor/maplibre-gl/maplibre-gl.css";
const PATIENCE_MS = 6000;

const box = document.getElementById("look-map");
const outline = document.getElementById("look-outline");

async function showMap() {
  const maplibre = await import(LIBRARY);
  const sheet = Object.assign(document.createElement("link"), { rel: "stylesheet", href: SHEET });
  document.head.append(sheet);
  maplibre.setWorkerUrl?.(WORKER);
  const { lon, lat, on, city } = box.dataset;
  const island = Object.assign(document.createElement("div"), { className: "island" });
  island.style.visibility = "hidden";
  box.append(island);
  const map = new maplibre.Map({
    container: island, style: `/tiles/style.json?city=${encodeURIComponent(city)}`, center: [Number(lon), Number(lat)], zoom: 18,
    attributionControl: { compact: true }, dragRotate: false, cooperativeGestures: matchMedia("(pointer: coarse)").matches,
    locale: {
      "CooperativeGesturesHandler.MobileHelpText": box.dataset.fingers,
      "NavigationControl.ZoomIn": box.dataset.closer, "NavigationControl.ZoomOut": box.dataset.farther,
    },
  });
  try {
    await painted(map);
  } catch (error) {
    map.remove();
    island.remove();
    throw error;
  }
  if (!map.queryRenderedFeatures().length) {
    map.remove();
    island.remove();
    throw new Error("no tiles here yet");
  }
  map.addControl(new maplibre.NavigationControl({ showCompass: false }), "bottom-right");
  if (outline) drawOutline(map, maplibre, JSON.parse(outline.textContent));
  else new maplibre.Marker({ color: "#0B5A60" }).setLngLat([Number(lon), Number(lat)]).addTo(map);
  map.on("click", (event) => {
    const query = new URLSearchParams({ lon: event.lngLat.lng.toFixed(7), lat: event.lngLat.lat.toFixed(7), on });
    location.assign(`/places/?${query}`);
  });
  map.getCanvas().style.cursor = "crosshair";
  island.style.visibility = "visible";
  box.dataset.island = "ready";
}

function drawOutline(map, maplibre, geometry) {
  map.addSource("asked", { type: "geojson", data: { type: "Feature", geometry, properties: {} } });
  map.addLayer({ id: "asked-halo", type: "line", source: "asked", paint: { "line-color": "#fff", "line-width": 6 } });
  map.addLayer({ id: "asked-line", type: "line", source: "asked", paint: { "line-color": "#14212B", "line-width": 3 } });
  const bounds = new maplibre.LngLatBounds();
  const walk = (part) => (typeof part[0] === "number" ? bounds.extend(part) : part.forEach(walk));
  walk(geometry.coordinates);
  map.fitBounds(bounds, { padding: 60, maxZoom: 19, duration: 0 });
}

function painted(map) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("the map took too long")), PATIENCE_MS);
    map.once("idle", () => { clearTimeout(timer); resolve(); });
  });
}

document.getElementById("share")?.addEventListener("click", async (event) => {
  const link = event.currentTarget;
  if (!navigator.share && !navigator.clipboard) return;
  event.preventDefault();
  try {
    if (navigator.share) await navigator.share({ url: link.href, title: document.title });
    else {
      await navigator.clipboard.writeText(link.href);
      link.setAttribute("aria-label", link.dataset.done);
      link.title = link.dataset.done;
      link.classList.add("done");
    }
  } catch (error) {
    if (error.name !== "AbortError") location.assign(link.href);
  }
});

if (box) showMap().catch((error) => console.warn(`The drawn map stays: ${error.message}`));
