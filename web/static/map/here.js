// "What is here": asks the places look-up about one point and says each fact with its source, date and generated mark.

export function makeHere(map, maplibre, config, legend) {
  const panel = document.getElementById("here");
  const marker = new maplibre.Marker({ color: "#14212B", scale: 0.7 });
  let asked = 0;

  function close() {
    panel.hidden = true;
    marker.remove();
  }

  async function ask(event) {
    const mine = ++asked;
    const { lng, lat } = event.lngLat;
    marker.setLngLat([lng, lat]).addTo(map);
    panel.hidden = false;
    panel.replaceChildren(head(config, close), text("p", config.words.loading, "faint"));
    try {
      const answer = await fetch(`/api/v1/places?lon=${lng.toFixed(7)}&lat=${lat.toFixed(7)}`, { headers: { Accept: "application/json", "Accept-Language": config.language } });
      const place = await answer.json();
      if (mine !== asked) return;
      if (!answer.ok) throw new Error((place.errors && place.errors[0] && place.errors[0].message) || place.title || answer.status);
      panel.replaceChildren(head(config, close), ...describe(place, { lng, lat }, config, legend));
    } catch (error) {
      if (mine === asked) panel.replaceChildren(head(config, close), text("p", error.message || config.words.failed, "map-fault"));
    }
    panel.querySelector("button").focus({ preventScroll: true });
  }

  return { ask, close };
}

function head(config, close) {
  const row = document.createElement("header");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "map-close";
  button.setAttribute("aria-label", config.words.close);
  button.textContent = "×";
  button.addEventListener("click", close);
  row.append(text("p", config.words.here, "faint"), button);
  return row;
}

function describe(place, at, config, legend) {
  const w = config.words;
  const number = new Intl.NumberFormat(config.locale, { maximumFractionDigits: 1 });
  const parts = [];
  const [first] = place.parcels;
  parts.push(text("h2", first ? `${w.parcel} ${first.number || first.key}${first.sheet ? `, ${w.sheet} ${first.sheet}` : ""}` : w.no_parcel));
  if (first && first.address) parts.push(text("p", first.address));
  parts.push(...place.units.map((unit) => text("p", `${unit.name}${unit.former_names.length ? `, ${w.formerly} ${unit.former_names.join("; ")}` : ""}`, "faint")));
  parts.push(text("p", `${w.coordinates}: ${at.lng.toFixed(6)}, ${at.lat.toFixed(6)}`, "faint"));
  if (place.parcels.length > 1) parts.push(section(w.candidates, place.parcels.map((p) => line(`${p.number || p.key}${p.sheet ? `, ${w.sheet} ${p.sheet}` : ""}`, `${Math.round(100 * p.likelihood)} %`))));
  if (first) parts.push(section(w.parcel, [
    first.stated_area_m2 && line(w.stated_area, `${number.format(first.stated_area_m2)} m²`),
    line(w.measured_area, `${number.format(first.measured_area_m2)} m²`), sourceLine(first.source, config)]));
  for (const kind of ["zoning", "land_use"]) {
    const shares = (first || place)[kind];
    if (shares.length) parts.push(section(w[kind], [...shares.flatMap((zone) => zoneRows(zone, number, config, legend)), sourceLine(shares[0].source, config)]));
  }
  parts.push(listed(w.permits, place.permits, (p) => [`${p.number} · ${w[`permit_${p.kind}`] || p.kind}`, w[p.standing] || p.standing], "permit", place, config, w.no_permit));
  parts.push(listed(w.sidewalks, place.sidewalks, (s) => [s.street || s.key, s.width_m ? `${w.width} ${number.format(s.width_m)} m` : ""], "sidewalk", place, config));
  parts.push(listed(w.plan_lines, place.plan_lines, (l) => [`${w[`line_${l.kind}`] || l.kind} ${l.name}`, l.width_m ? `${number.format(l.width_m)} m` : ""], "plan_line", place, config));
  if (place.overlays.length) parts.push(section(w.overlays, place.overlays.map((o) => line(o.name, o.kind))));
  const silent = place.registers.filter((r) => r.coverage === "no_data").map((r) => w[`register_${r.register}`] || r.register);
  if (silent.length) parts.push(section(w.no_data, [text("p", silent.join(", ")), text("p", w.no_data_note, "faint")]));
  parts.push(text("p", w.reference, "faint map-reference"));
  return parts;
}

function zoneRows(zone, number, config, legend) {
  const entry = (legend.plans[zone.plan_kind] || []).find((e) => e.code === zone.code.split("-")[0]);
  const row = document.createElement("div");
  row.className = "zr";
  const code = text("b", zone.code, "code");
  code.style.background = entry ? entry.fill : "";
  row.append(code, text("span", zone.name || (entry ? entry.name : "")), text("span", zone.area_m2 ? `${number.format(zone.area_m2)} m²` : "", "m2"), text("b", `${number.format(zone.share_pct)} %`));
  const w = config.words;
  const limits = [zone.max_storeys && `${number.format(zone.max_storeys)} ${w.storeys}`, zone.max_density_pct && `${w.density} ${number.format(zone.max_density_pct)} %`,
    zone.max_floor_area_ratio && `${w.far} ${number.format(zone.max_floor_area_ratio)}`, zone.setback_m && `${w.setback} ${number.format(zone.setback_m)} m`].filter(Boolean);
  return limits.length ? [row, text("p", limits.join(" · "), "faint")] : [row];
}

function listed(title, facts, words, register, place, config, nothing) {
  if (facts.length) {
    const shown = facts.slice(0, 6);
    return section(title, [...shown.map((fact) => line(...words(fact))), sourceLine(shown[0].source, config)]);
  }
  const state = place.registers.find((r) => r.register === register);
  const isChecked = state && state.coverage !== "no_data";
  return section(title, [text("p", isChecked ? nothing || config.words.checked : config.words.no_data, isChecked ? "" : "none")]);
}

function sourceLine(source, config) {
  const told = text("p", "", "map-source");
  const date = source.date || source.source_on;
  const on = date ? `, ${config.words.as_of} ${new Intl.DateTimeFormat(config.locale).format(new Date(`${date}T00:00:00`))}` : "";
  told.textContent = `${config.words.source}: ${source.title || source.name}${source.decision ? `, ${source.decision}` : ""}${on} `;
  if (source.generated || source.is_generated) told.append(text("em", config.words.generated, "generated"));
  return told;
}

function section(title, rows) {
  const part = document.createElement("section");
  part.append(text("h3", title), ...rows.filter(Boolean));
  return part;
}

function line(left, right) {
  const row = document.createElement("p");
  row.className = "ln";
  row.append(text("span", left), text("b", right || ""));
  return row;
}

function text(tag, words, name) {
  const node = document.createElement(tag);
  node.textContent = words;
  if (name) node.className = name;
  return node;
}
