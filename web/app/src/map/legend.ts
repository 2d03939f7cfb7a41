// What the map's signs mean, as the server says it: classes of plans with their fills, sources of layers with their dates.

export interface LegendClass {
  code: string;
  name: string;
  fill: string;
}

export interface LegendSource {
  name: string;
  title: string;
  source_on: string | null;
  decision: string;
  licence: string;
  generated: boolean;
}

export interface Legend {
  plans: Record<string, LegendClass[]>;
  layers: Record<string, LegendSource[]>;
}

/** A day on the slider: when a plan was decided, or (dashed) when the units changed. */
export interface Tick {
  on: string;
  kind: "plan" | "units";
  title: string;
}

export function listTicks(legend: Legend): Tick[] {
  const of = (layer: string, kind: Tick["kind"]): Tick[] =>
    (legend.layers[layer] ?? []).flatMap((source) => (source.source_on ? [{ on: source.source_on, kind, title: source.title }] : []));
  const all = [...of("zoning", "plan"), ...of("land_use", "plan"), ...of("units", "units")];
  const byDay = new Map(all.map((tick) => [`${tick.on}${tick.kind}`, tick]));
  return [...byDay.values()].sort((one, other) => one.on.localeCompare(other.on));
}

export function newestDate(sources: readonly LegendSource[]): string {
  return sources.map((source) => source.source_on ?? "").sort().at(-1) ?? "";
}

/** Who must be named on every picture of the map. */
export function attribution(legend: Legend): string {
  const named = Object.values(legend.layers).flat().filter((source) => source.licence).map((source) => `${source.title} (${source.licence})`);
  return [...new Set(named)].join(" · ");
}

const DAY_MS = 86_400_000;

export function toDays(iso: string): number {
  return Math.round(Date.parse(`${iso}T00:00:00Z`) / DAY_MS);
}

export function fromDays(days: number): string {
  return new Date(days * DAY_MS).toISOString().slice(0, 10);
}

/** The next day on the slider that means something, before or after a day; the end of the slider when there is none. */
export function stepDay(on: string, ticks: readonly Tick[], today: string, step: -1 | 1): string {
  const days = [...new Set([...ticks.map((tick) => tick.on), today])].sort();
  const found = step > 0 ? days.find((day) => day > on) : days.findLast((day) => day < on);
  return found ?? on;
}
