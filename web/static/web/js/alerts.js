// The wish for news with a map: a touch sets the place, a square shows how far it reaches. Without it the place is typed.

const form = document.getElementById("alert-form");
const box = document.getElementById("alert-map");
const feed = document.getElementById("feed");
const whole = feed?.getAttribute("href");

if (form && box) open().catch(() => { box.hidden = true; }); // no WebGL, no style, no library: the place is typed

async function open() {
  const { openIsland, squareAround } = await import("./place_map.js");
  box.hidden = false;
  const { map, pin } = await openIsland(box);
  const { around, radius_m: radius, ward } = form.elements;
  map.addSource("area", { type: "geojson", data: { type: "FeatureCollection", features: [] } });
  map.addLayer({ id: "area", type: "fill", source: "area", paint: { "fill-color": "#0B5A60", "fill-opacity": 0.15 } });
  map.addLayer({ id: "area-edge", type: "line", source: "area", paint: { "line-color": "#0B5A60", "line-width": 2 } });

  const draw = () => {
    const place = read(around.value);
    const square = place && squareAround(place[0], place[1], Number(radius.value));
    const features = square ? [{ type: "Feature", properties: {}, geometry: { type: "Polygon", coordinates: [square.ring] } }] : [];
    map.getSource("area").setData({ type: "FeatureCollection", features });
    ward.disabled = Boolean(square);
    if (feed) feed.href = square ? `${whole.split("?")[0]}?bounds=${square.bounds.map((one) => one.toFixed(6)).join(",")}` : whole;
    if (square) pin.setLngLat(place).addTo(map); else pin.remove();
    return square;
  };
  const take = ({ lng, lat }) => {
    around.value = `${lat.toFixed(6)}, ${lng.toFixed(6)}`;
    draw();
  };
  map.on("click", (event) => take(event.lngLat));
  pin.on("dragend", () => take(pin.getLngLat()));
  radius.addEventListener("change", draw);
  around.addEventListener("input", () => {
    const square = draw();
    if (square) map.fitBounds(square.bounds, { padding: 24, maxZoom: 17, animate: false });
  });
  const typed = draw();
  if (typed) map.fitBounds(typed.bounds, { padding: 24, maxZoom: 17, animate: false });
  box.dataset.island = "ready";
}

/** "10.7769, 106.7009" as [lon, lat]; null for what is no such pair. What it means is judged by the server. */
function read(text) {
  const found = /^\s*(-?\d{1,2}(?:\.\d+)?)\s*[,; ]\s*(-?\d{1,3}(?:\.\d+)?)\s*$/.exec(text);
  if (!found) return null;
  const [lat, lon] = [Number(found[1]), Number(found[2])];
  return Math.abs(lat) <= 85 && Math.abs(lon) <= 180 ? [lon, lat] : null;
}
