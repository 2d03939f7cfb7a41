// The answer about a place, in the form the panel shows: sections of facts, each with its source and day.
import { send } from "../api/client";

export interface Source { name: string; title: string; date: string | null; decision: string; scale: string; generated: boolean }
export interface Zone {
  plan_kind: string; code: string; name: string; area_m2: number; share_pct: number;
  max_storeys: number | null; max_density_pct: number | null; max_floor_area_ratio: number | null; setback_m: number | null; source: Source;
}
export interface Parcel {
  key: string; sheet: string; number: string; stated_area_m2: number | null; measured_area_m2: number; address: string;
  likelihood: number; zones: Zone[]; geometry: GeoJSON.Geometry | null; source: Source;
}
export interface Use { use: string; from_time: string | null; to_time: string | null; words?: string }
export interface Sidewalk { key: string; street: string; width_m: number | null; distance_m: number; allowed_uses: Use[]; source: Source }
export interface Permit { number: string; kind: string; standing: string; issued_on: string | null; expires_on: string | null; storeys: number | null; source: Source }
export interface Line { kind: string; name: string; width_m: number | null; distance_m: number; source: Source }
export interface Overlay { name: string; kind: string; source: Source }
export interface Unit { code: string; name: string; former_names: string[]; source: Source }
export interface RegisterState { register: string; coverage: "found" | "checked" | "no_data"; words: string; sources: Source[] }

export interface Place {
  on: string; city: string; units: Unit[]; parcels: Parcel[]; zones: Zone[]; overlays: Overlay[]; plan_lines: Line[]; sidewalks: Sidewalk[];
  permits: Permit[]; registers: RegisterState[]; reference: string; generated: boolean;
}

type Told = Omit<Place, "parcels" | "sidewalks" | "zones"> & {
  zones?: Zone[]; zoning?: Zone[]; land_use?: Zone[];
  parcels: (Parcel & { zoning?: Zone[]; land_use?: Zone[] })[];
  sidewalks: (Sidewalk & { uses?: (Use & { state: string })[] })[];
};

export async function askPlace(lon: number, lat: number, on: string, signal: AbortSignal): Promise<Place> {
  const query = new URLSearchParams({ lon: lon.toFixed(7), lat: lat.toFixed(7), ...(on ? { on } : {}) });
  return readPlace((await send("GET", `/api/v1/places?${query}`, { signal })) as Told);
}

/** Both plans of the law in one list of zones, each zone naming its plan; uses of sidewalks that are allowed. */
export function readPlace(told: Told): Place {
  const join = (one: { zones?: Zone[]; zoning?: Zone[]; land_use?: Zone[] }): Zone[] => one.zones ?? [...(one.zoning ?? []), ...(one.land_use ?? [])];
  return {
    ...told,
    zones: join(told),
    parcels: told.parcels.map((parcel) => ({ ...parcel, zones: join(parcel) })),
    sidewalks: told.sidewalks.map((walk) => ({ ...walk, allowed_uses: walk.allowed_uses ?? walk.uses ?? [] })),
  };
}

/** The sources of some facts, each once, in the order of the facts. */
export function distinctSources(facts: readonly { source: Source }[]): Source[] {
  return [...new Map(facts.map(({ source }) => [source.name, source])).values()];
}

export function stateOf(place: Place, register: string): RegisterState["coverage"] {
  return place.registers.find((state) => state.register === register)?.coverage ?? "no_data";
}

/** The one parcel that is likely enough to be called the place; null while several are possible. */
export function onlyParcel(place: Place): Parcel | null {
  const [first, second] = place.parcels;
  return first && !second ? first : first && first.likelihood >= 0.95 ? first : null;
}
