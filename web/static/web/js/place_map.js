// A map whose pin can be dragged, laid over what the page has drawn once it has really been painted. Throws when it cannot be.

const LIBRARY = "/static/vendor/maplibre-gl/maplibre-gl.mjs";
const WORKER = "/static/vendor/maplibre-gl/maplibre-gl-worker.mjs";
const SHEET = "/static/vendor/maplibre-gl/maplibre-gl.css";
const STYLE = "/tiles/style.json";
const PATIENCE_MS = 6000;
const METRES_PER_DEGREE = 111320;

export async function placeIsland(box, form) {
  const { map, pin } = await openIsland(box);
  if (box.dataset.accuracy) pin.addTo(map);
  pin.on("dragend", () => take(pin, map, form));
  map.on("click", (event) => {
    pin.setLngLat(event.lngLat).addTo(map);
    take(pin, map, form);
  });
  for (const button of box.querySelectorAll(".touch, .zoom button")) button.disabled = true;
  box.querySelector(".zoom").hidden = true;
  box.dataset.island = "ready";
}

/** The painted map over a box that names its middle and half its width in metres, and a pin that is not on it yet. */
export async function openIsland(box) {
  const maplibre = await import(LIBRARY);
  dress();
  maplibre.setWorkerUrl?.(WORKER);
  const { lon, lat, half } = box.dataset;
  const island = document.createElement("div");
  island.className = "island";
  island.style.visibility = "hidden";
  box.append(island);
  const center = [Number(lon), Number(lat)];
  const map = new maplibre.Map({
    container: island,
    style: STYLE,
    center,
    zoom: zoomFor(Number(half), Number(lat), box.clientWidth),
    attributionControl: false,
    dragRotate: false,
    scrollZoom: false,
    cooperativeGestures: matchMedia("(pointer: coarse)").matches,
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
  map.addControl(new maplibre.NavigationControl({ showCompass: false }), "bottom-right");
  const pin = new maplibre.Marker({ color: "#0B5A60", draggable: true }).setLngLat(center);
  island.style.visibility = "visible";
  return { map, pin };
}

/** The upright square that reaches so many metres from a place to each side, as the server draws it (geo/box.py). */
export function squareAround(lon, lat, halfM) {
  const high = halfM / METRES_PER_DEGREE;
  const wide = high / Math.max(Math.cos((lat * Math.PI) / 180), 0.01);
  const [west, south, east, north] = [lon - wide, lat - high, lon + wide, lat + high];
  return { bounds: [west, south, east, north], ring: [[west, south], [east, south], [east, north], [west, north], [west, south]] };
}

function dress() {
  if (document.querySelector(`link[href="${SHEET}"]`)) return;
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = SHEET;
  document.head.append(link);
}

function painted(map) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("slow")), PATIENCE_MS);
    map.once("idle", () => {
      clearTimeout(timer);
      // a city whose tiles are not built gives an empty sheet: then the drawn map says more
      if (map.queryRenderedFeatures().length) resolve();
      else reject(new Error("empty"));
    });
    map.once("error", (event) => {
      clearTimeout(timer);
      reject(event.error);
    });
  });
}

function zoomFor(halfWidth, lat, widthPx) {
  const metresPerPixel = (2 * halfWidth) / widthPx;
  return Math.log2((METRES_PER_DEGREE * 360 * Math.cos((lat * Math.PI) / 180)) / (512 * metresPerPixel));
}

function take(pin, map, form) {
  const { lng, lat } = pin.getLngLat();
  const metresPerPixel = (METRES_PER_DEGREE * 360 * Math.cos((lat * Math.PI) / 180)) / (512 * 2 ** map.getZoom());
  form.elements.lon.value = lng.toFixed(7);
  form.elements.lat.value = lat.toFixed(7);
  form.elements.pin_accuracy_m.value = Math.max(3, 10 * metresPerPixel).toFixed(1);
  form.dispatchEvent(new CustomEvent("pin", { bubbles: true }));
}
