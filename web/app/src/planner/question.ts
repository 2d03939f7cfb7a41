// A planner's question as the form holds it, as the server takes it, and as a saved view gives it back. Pure.
import type { Geometry } from "geojson";

export type Kind = "layer" | "question" | "compare";

export interface Asked {
  city: string;
  kind: Kind;
  layer: string;
  question: string;
  blanks: Record<string, string>;
  filter: string;
  on: string;
  since: string;
  area: Geometry | null;
  sort: string;
}

export type Body = Record<string, unknown>;

export function emptyQuestion(city: string, today: string): Asked {
  return { city, kind: "layer", layer: "parcels", question: "zone_shares_by_ward", blanks: {}, filter: "", on: today, since: `${today.slice(0, 4)}-01-01`, area: null, sort: "" };
}

/** What the server is asked; only what counts for this kind of question is sent. */
export function toBody(asked: Asked): Body {
  const shared = { city: asked.city, on: asked.on, ...(asked.area ? { area: asked.area } : {}), ...(asked.sort ? { sort: asked.sort } : {}) };
  if (asked.kind === "question") return { ...shared, question: asked.question, blanks: asked.blanks };
  if (asked.kind === "compare") return { ...shared, layer: asked.layer, since: asked.since };
  return { ...shared, layer: asked.layer, ...(asked.filter.trim() ? { filter: asked.filter.trim() } : {}) };
}

/** A saved view's question in the form; what a newer server may have added is left out. */
export function fromBody(body: Body, city: string, today: string): Asked {
  const empty = emptyQuestion(city, today);
  const text = (name: string, otherwise: string): string => (typeof body[name] === "string" ? (body[name] as string) : otherwise);
  const blanks = Object.entries((body.blanks ?? {}) as Record<string, unknown>).map(([name, value]) => [name, String(value)] as const);
  return {
    ...empty,
    city: text("city", city),
    kind: body.question ? "question" : body.since ? "compare" : "layer",
    layer: text("layer", empty.layer),
    question: text("question", empty.question),
    blanks: Object.fromEntries(blanks),
    filter: typeof body.filter === "string" ? body.filter : body.filter ? JSON.stringify(body.filter) : "",
    on: text("on", today),
    since: text("since", empty.since),
    area: (body.area as Geometry | undefined) ?? null,
    sort: text("sort", ""),
  };
}

/** The next order of a column: from the smallest up, from the largest down, as it comes. */
export function nextSort(sort: string, column: string): string {
  if (sort === column) return `-${column}`;
  return sort === `-${column}` ? "" : column;
}

/** A rectangle as an area: west, south, east, north in degrees. */
export function frameArea([west, south, east, north]: readonly [number, number, number, number]): Geometry {
  return { type: "Polygon", coordinates: [[[west, south], [east, south], [east, north], [west, north], [west, south]]] };
}

const EXAMPLES: Record<string, string[]> = {
  parcels: ["measured_area_m2 > 500 AND last_permit_on IS NULL", "stated_area_m2 - measured_area_m2 > 20", "valid_from >= DATE('2026-01-01')"],
  zoning: ["max_storeys >= 10", "code LIKE 'NO%' AND area_m2 > 5000"],
  land_use: ["area_m2 BETWEEN 1000 AND 20000", "code IN ('A', 'B')"],
  permits: ["status = 'active' AND issued_on >= DATE('2026-01-01')", "storeys > 5 OR floor_area_m2 > 500"],
  sidewalks: ["width_m < 1.5"],
  roads: ["width_m >= 12", "name IS NOT NULL AND lanes >= 4"],
  flags: ["verdict = 'flagged' AND seen_on >= DATE('2026-11-01')"],
  cases: ["closed_on IS NULL AND use = 'trading'"],
};

/** Filters that show what can be said of a register, made of its own columns where nobody wrote one. */
export function examplesFor(layer: string, properties: Record<string, string>): string[] {
  const written = EXAMPLES[layer] ?? [];
  const fits = written.filter((one) => [...one.matchAll(/\b[a-z][a-z_0-9]*\b/g)].every(([word]) => !word.includes("_") || word in properties));
  if (fits.length) return fits;
  const number = Object.keys(properties).find((name) => properties[name] === "number");
  const word = Object.keys(properties).find((name) => properties[name] === "text");
  return [number && `${number} > 100`, word && `${word} LIKE 'A%'`].filter((one): one is string => Boolean(one));
}
