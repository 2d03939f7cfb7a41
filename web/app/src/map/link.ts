// What a link to the map keeps: frame, city, layers, filters, area, day. Short names, nothing about people.

export interface Frame {
  lon: number;
  lat: number;
  zoom: number;
}

/** Everything of the map's state that a link carries. Empty lists and texts mean the usual. */
export interface MapState {
  city: string;
  frame: Frame | null;
  /** Layers switched on, by name; null is the usual choice. */
  layers: string[] | null;
  verdicts: string[];
  caseStates: string[];
  use: string;
  /** Code of the ward to which flags and cases are narrowed; empty is the whole city. */
  ward: string;
  /** Only flags and cases of the last days; 0 is all. */
  days: number;
  /** Area to which flags and cases are narrowed, as `link_area.ts` writes it; empty is none. */
  area: string;
  /** ISO day looked at; empty is today. */
  on: string;
  signs: "signs" | "clusters" | "heat";
  imagery: string;
  opacity: number;
  /** Day to compare with by swiping; empty is no comparison. */
  against: string;
  /** Picture on the other side; empty is the newest of its day. */
  imageryAgainst: string;
}

export const USUAL: MapState = {
  city: "", frame: null, layers: null, verdicts: ["flagged", "undetermined"], caseStates: ["open", "late"], use: "", ward: "", days: 0, area: "", on: "",
  signs: "signs", imagery: "", opacity: 1, against: "", imageryAgainst: "",
};

const DAY = /^\d{4}-\d\d-\d\d$/;

export function readLink(query: URLSearchParams): MapState {
  const list = (name: string): string[] | null => (query.has(name) ? (query.get(name) ?? "").split(",").filter(Boolean) : null);
  const day = (name: string): string => (DAY.test(query.get(name) ?? "") ? (query.get(name) as string) : "");
  const signs = query.get("signs");
  const opacity = Number(query.get("opacity") ?? 1);
  return {
    city: query.get("city") ?? "",
    frame: readFrame(query.get("at")),
    layers: list("layers"),
    verdicts: list("verdicts") ?? USUAL.verdicts,
    caseStates: list("cases") ?? USUAL.caseStates,
    use: query.get("use") ?? "",
    ward: query.get("ward") ?? "",
    days: Math.max(0, Math.trunc(Number(query.get("days"))) || 0),
    area: query.get("area") ?? "",
    on: day("on"),
    signs: signs === "clusters" || signs === "heat" ? signs : "signs",
    imagery: query.get("imagery") ?? "",
    opacity: opacity >= 0 && opacity <= 1 ? opacity : 1,
    against: day("against"),
    imageryAgainst: query.get("imagery_against") ?? "",
  };
}

export function writeLink(state: MapState): URLSearchParams {
  const query = new URLSearchParams();
  const put = (name: string, value: string, usual: string): void => {
    if (value !== usual) query.set(name, value);
  };
  put("city", state.city, "");
  if (state.frame) query.set("at", writeFrame(state.frame));
  if (state.layers) query.set("layers", state.layers.join(","));
  put("verdicts", state.verdicts.join(","), USUAL.verdicts.join(","));
  put("cases", state.caseStates.join(","), USUAL.caseStates.join(","));
  put("use", state.use, "");
  put("ward", state.ward, "");
  put("days", String(state.days), "0");
  put("area", state.area, "");
  put("on", state.on, "");
  put("signs", state.signs, "signs");
  put("imagery", state.imagery, "");
  put("opacity", String(state.opacity), "1");
  put("against", state.against, "");
  put("imagery_against", state.imageryAgainst, "");
  return query;
}

function readFrame(text: string | null): Frame | null {
  const [lon, lat, zoom] = (text ?? "").split(",").map(Number);
  if (lon === undefined || lat === undefined || zoom === undefined) return null;
  const isSane = Math.abs(lon) <= 180 && Math.abs(lat) <= 85 && zoom >= 0 && zoom <= 24;
  return isSane ? { lon, lat, zoom } : null;
}

export function writeFrame({ lon, lat, zoom }: Frame): string {
  return [lon.toFixed(6), lat.toFixed(6), zoom.toFixed(2)].join(",");
}
