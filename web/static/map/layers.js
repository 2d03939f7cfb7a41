// The layer list is the legend: each layer with its sign, its date, the generated mark, and a switch.
const ORDER = ["zoning", "land_use", "plan_lines", "parcels", "sidewalks", "permits", "buildings", "overlays", "water", "roads", "units"];
const SIGNS = {
  plan_lines: "line red", parcels: "line parcel", sidewalks: "fill walk", permits: "fill permit", buildings: "fill building",
  overlays: "line overlay", roads: "fill road", units: "line unit", water: "fill water", zoning: "fill zoning", land_use: "fill land_use",
};

export function makeLayerList(map, legend, config) {
  const list = document.getElementById("layer-list");
  for (const name of ORDER) {
    const ids = map.getStyle().layers.filter((layer) => layer.metadata?.layer === name).map((layer) => layer.id);
    if (!ids.length) continue;
    list.append(...layerRow(map, name, ids, legend, config));
  }
  const anyGenerated = Object.values(legend.layers).flat().some((source) => source.generated);
  document.getElementById("map-mark").hidden = !anyGenerated;
}

function layerRow(map, name, ids, legend, config) {
  const sources = legend.layers[name] || [];
  const row = document.createElement("label");
  row.className = "ly";
  const box = document.createElement("input");
  box.type = "checkbox";
  box.dataset.layer = name;
  box.checked = map.getLayoutProperty(ids[0], "visibility") !== "none";
  const sign = document.createElement("i");
  sign.className = `sign ${SIGNS[name]}`;
  const words = document.createElement("span");
  words.textContent = config.words[`layer_${name}`];
  row.append(box, sign, words, meta(sources, config));
  const parts = [row];
  const classes = (legend.plans[name] || []).filter((entry) => entry.fill);
  if (classes.length) parts.push(classList(classes, box.checked));
  box.addEventListener("change", () => {
    for (const id of ids) map.setLayoutProperty(id, "visibility", box.checked ? "visible" : "none");
    if (parts[1]) parts[1].hidden = !box.checked;
  });
  return parts;
}

function meta(sources, config) {
  const told = document.createElement("small");
  if (!sources.length) {
    told.textContent = config.words.no_data;
    told.className = "none";
    return told;
  }
  const date = sources.map((source) => source.source_on).filter(Boolean).sort().at(-1);
  told.textContent = date ? new Intl.DateTimeFormat(config.locale).format(new Date(`${date}T00:00:00`)) : "";
  told.title = sources.map((source) => source.title).join("; ");
  if (sources.some((source) => source.generated)) {
    const mark = document.createElement("em");
    mark.className = "generated";
    mark.textContent = config.words.generated;
    told.append(" ", mark);
  }
  return told;
}

function classList(classes, isShown) {
  const list = document.createElement("ul");
  list.className = "classes";
  list.hidden = !isShown;
  for (const entry of classes) {
    const item = document.createElement("li");
    const fill = document.createElement("i");
    fill.style.background = entry.fill;
    const code = document.createElement("b");
    code.textContent = entry.code;
    item.append(fill, code, Object.assign(document.createElement("span"), { textContent: entry.name }));
    list.append(item);
  }
  return list;
}
