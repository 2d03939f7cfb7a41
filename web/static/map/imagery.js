// Pictures from above: one of them under the lines and codes, with its opacity, or two of them on either side of a line.
const BEFORE = "zoning-edge"; // edges, lines and words of the style stay above a picture

export function makeImagery(map, maplibre, config, list) {
  const panel = document.getElementById("imagery");
  if (!list.imagery.length) return;
  panel.hidden = false;
  const known = new Map(list.imagery.map((one) => [one.id, one]));
  const main = chooser("imagery-main", config.words.imagery, list, config);
  const opacity = slider(config);
  const other = chooser("imagery-other", config.words.imagery_compare, list, config);
  const told = Object.assign(document.createElement("p"), { className: "map-source" });
  panel.append(main.row, opacity.row, other.row, told);
  const swipe = makeSwipe(map, maplibre, config);

  function show() {
    const [below, above] = [known.get(main.select.value), known.get(other.select.value)];
    put(map, below, Number(opacity.input.value) / 100);
    opacity.row.hidden = other.row.hidden = !below;
    if (below && above) swipe.open(above); else swipe.close();
    told.replaceChildren(...[below, below && above].filter(Boolean).flatMap((one) => describe(one, config)));
  }

  for (const input of [main.select, other.select]) input.addEventListener("change", show);
  opacity.input.addEventListener("input", () => put(map, known.get(main.select.value), Number(opacity.input.value) / 100));
  show();
}

function put(map, one, opacity) {
  const shown = map.getLayer("imagery") && map.getSource("imagery").tiles[0];
  if (shown && (!one || shown !== one.tiles[0])) {
    map.removeLayer("imagery");
    map.removeSource("imagery");
  }
  if (!one) return;
  if (!map.getSource("imagery")) addPicture(map, one);
  map.setPaintProperty("imagery", "raster-opacity", opacity);
}

function addPicture(map, one) {
  const { tiles, bounds, minzoom, maxzoom } = one;
  map.addSource("imagery", { type: "raster", tileSize: 256, tiles, bounds, minzoom, maxzoom });
  map.addLayer({ id: "imagery", type: "raster", source: "imagery", paint: { "raster-fade-duration": 0 } }, map.getLayer(BEFORE) ? BEFORE : undefined);
}

// A second map over the first, cut at a line that is dragged or moved by keys.
function makeSwipe(map, maplibre, config) {
  let twin = null, above = null, box = null, handle = null, share = 0.5;

  function open(one) {
    if (twin) {
      above = one;
      return void put(twin, above, 1);
    }
    above = one;
    box = Object.assign(document.createElement("div"), { className: "swipe-map" });
    handle = makeHandle(config, (to) => { share = to; cut(); });
    map.getContainer().append(box, handle);
    twin = new maplibre.Map({ container: box, style: map.getStyle(), interactive: false, attributionControl: false, ...view() });
    twin.on("load", () => { if (twin) put(twin, above, 1); });
    map.on("move", follow);
    map.on("resize", cut);
    cut();
  }

  function close() {
    if (!twin) return;
    map.off("move", follow);
    map.off("resize", cut);
    twin.remove();
    box.remove();
    handle.remove();
    twin = box = handle = null;
  }

  function view() {
    return { center: map.getCenter(), zoom: map.getZoom(), bearing: map.getBearing(), pitch: map.getPitch() };
  }

  function follow() { twin.jumpTo(view()); }

  function cut() {
    box.style.clipPath = `inset(0 0 0 ${100 * share}%)`;
    handle.style.left = `${100 * share}%`;
    handle.setAttribute("aria-valuenow", Math.round(100 * share));
  }

  return { open, close };
}

function makeHandle(config, move) {
  const handle = Object.assign(document.createElement("div"), { className: "swipe-line", tabIndex: 0 });
  const roles = { role: "slider", "aria-orientation": "horizontal", "aria-valuemin": 0, "aria-valuemax": 100, "aria-valuenow": 50, "aria-label": config.words.imagery_swipe };
  for (const [name, value] of Object.entries(roles)) handle.setAttribute(name, value);
  const clamp = (share) => Math.min(1, Math.max(0, share));
  const shareAt = (event) => {
    const { left, width } = handle.parentElement.getBoundingClientRect();
    return clamp((event.clientX - left) / width);
  };
  handle.addEventListener("pointerdown", (event) => { handle.setPointerCapture(event.pointerId); event.preventDefault(); event.stopPropagation(); handle.focus(); });
  handle.addEventListener("pointermove", (event) => { if (handle.hasPointerCapture(event.pointerId)) move(shareAt(event)); });
  for (const name of ["mousedown", "touchstart", "click"]) handle.addEventListener(name, (event) => event.stopPropagation());
  handle.addEventListener("keydown", (event) => {
    const now = Number(handle.getAttribute("aria-valuenow")) / 100;
    const to = { ArrowLeft: now - 0.05, ArrowRight: now + 0.05, Home: 0, End: 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    move(clamp(to));
  });
  return handle;
}

function chooser(id, words, list, config) {
  const row = Object.assign(document.createElement("label"), { className: "im", htmlFor: id });
  const select = Object.assign(document.createElement("select"), { id });
  select.append(new Option(config.words.imagery_none, ""));
  for (const one of list.imagery) select.append(new Option(dateOf(one, config), one.id));
  row.append(Object.assign(document.createElement("span"), { textContent: words }), select);
  return { row, select };
}

function slider(config) {
  const row = Object.assign(document.createElement("label"), { className: "im" });
  const input = Object.assign(document.createElement("input"), { type: "range", min: 0, max: 100, step: 5, value: 100 });
  row.append(Object.assign(document.createElement("span"), { textContent: config.words.imagery_opacity }), input);
  return { row, input };
}

function dateOf(one, config) {
  return one.taken_on ? new Intl.DateTimeFormat(config.locale).format(new Date(`${one.taken_on}T00:00:00`)) : config.words.imagery_undated;
}

function describe(one, config) {
  const words = `${one.title} · ${config.words.source}: ${[one.source, one.decision, one.licence].filter(Boolean).join(", ")} `;
  const line = Object.assign(document.createElement("span"), { textContent: words });
  if (one.generated) line.append(Object.assign(document.createElement("em"), { className: "generated", textContent: config.words.generated }));
  return [line, document.createElement("br")];
}
