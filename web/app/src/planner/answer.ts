// The answer to a planner's question: its form, its cells in words, and which rows a scrolled table must draw. Pure.
import type { Feature, Geometry } from "geojson";
import { day, number, type Manner } from "../format";

export type ColumnKind = "text" | "number" | "day" | "truth";
export interface Column { name: string; kind: ColumnKind }
export interface Counted { change: Change; decision: string; source: string; rows: number }
export type Change = "new" | "changed" | "withdrawn";
export type RowFeature = Feature<Geometry | null, Record<string, unknown>>;

export interface Answer {
  columns: Column[];
  features: RowFeature[];
  total: number;
  returned: number;
  offset: number;
  sums: Record<string, number>;
  decisions: Counted[];
  has_data: boolean;
  notes: string[];
}

export interface WardFigure { code: string; name: string; rows: number; area_m2: number | null; length_m: number | null }
export interface ZoneFigure { plan_kind: "zoning" | "land_use"; code: string; name: string; rows: number; area_m2: number | null }
export interface Statistics { wards: WardFigure[]; zones: ZoneFigure[]; wards_on_record: boolean; plans_on_record: string[] }

/** What may be asked, as the server lists it. */
export interface Askable {
  layers: Record<string, Record<string, ColumnKind>>;
  dated: string[];
  questions: Record<string, Record<string, { kind: ColumnKind; default: unknown }>>;
  formats: string[];
  systems: Record<string, { name: string; title: string }[]>;
}

export const CHANGES: Change[] = ["new", "changed", "withdrawn"];
/** A sign of each change that can be read without its colour. */
export const CHANGE_SIGNS: Record<Change, string> = { new: "+", changed: "≠", withdrawn: "−" };

/** A cell as it is read: local numbers and days, nothing for nothing. */
export function cell(value: unknown, kind: ColumnKind, manner: Manner): string {
  if (value === null || value === undefined || value === "") return "";
  if (kind === "number" && typeof value === "number") return number(value, 2, manner);
  if (kind === "day") return day(String(value), manner);
  return String(value);
}

/** The rows [from, to) that lie in the frame of a table, with a few on both sides. */
export function windowOf(scrollTop: number, height: number, rowHeight: number, total: number, spare = 8): [number, number] {
  const from = Math.max(0, Math.floor(scrollTop / rowHeight) - spare);
  const to = Math.min(total, Math.ceil((scrollTop + height) / rowHeight) + spare);
  return [Math.min(from, total), Math.max(to, Math.min(from, total))];
}

/** Changes per kind over all decisions. */
export function countChanges(decisions: readonly Counted[]): Record<Change, number> {
  const counts: Record<Change, number> = { new: 0, changed: 0, withdrawn: 0 };
  for (const one of decisions) counts[one.change] += one.rows;
  return counts;
}

/** West, south, east, north of everything given; null of nothing. */
export function boundsOf(shapes: readonly (Geometry | null)[]): [number, number, number, number] | null {
  let found: [number, number, number, number] | null = null;
  const walk = (part: unknown): void => {
    if (!Array.isArray(part)) return;
    if (typeof part[0] === "number") {
      const [lon, lat] = part as [number, number];
      found = found ? [Math.min(found[0], lon), Math.min(found[1], lat), Math.max(found[2], lon), Math.max(found[3], lat)] : [lon, lat, lon, lat];
    } else part.forEach(walk);
  };
  for (const shape of shapes) if (shape) walk(shape.type === "GeometryCollection" ? shape.geometries.map((one) => ("coordinates" in one ? one.coordinates : [])) : shape.coordinates);
  return found;
}
