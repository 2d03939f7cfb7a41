// What stands beside a saved or printed view: the legend of what the frame shows, and whose data it is of which day. Pure.
import type { LayerName } from "./layer_groups";
import type { Legend } from "./legend";
import type { MapState } from "./link";
import { USE_CLASSES, type UseClass } from "./sidewalk_uses";
import type { Words } from "../words/en";

/** How the sign of a row is drawn: as the layer itself, as a fill, as the pattern of a use, or as a sign of the map. */
export type Sign =
  | { kind: "layer"; name: LayerName | "bands" | "density" }
  | { kind: "fill"; fill: string }
  | { kind: "walk"; name: UseClass }
  | { kind: "icon"; name: string };

export interface SheetRow {
  sign: Sign;
  code: string;
  words: string;
}

export interface SheetSection {
  title: string;
  rows: SheetRow[];
}

/** What of the map is looked at; `codes` are those of the plans' areas that the frame holds, each with its layer. */
export interface Shown {
  look: Pick<MapState, "verdicts" | "caseStates" | "signs">;
  wanted: readonly string[];
  drawn: readonly LayerName[];
  codes: Readonly<Record<string, readonly string[]>>;
  legend: Legend | null;
}

const PLANS = ["zoning", "land_use"] as const;
const row = (sign: Sign, words: string, code = ""): SheetRow => ({ sign, code, words });

/** Sections of the legend in the order of the panel; only what is switched on, and of the plans only the codes in the frame. */
export function listLegend({ look, wanted, drawn, codes, legend }: Shown, words: Words["map"], sayVerdict: (verdict: string) => string, notAConclusion: string): SheetSection[] {
  const layers = drawn.filter((name) => wanted.includes(name)).map((name) => row({ kind: "layer", name }, words.layerNames[name]));
  if (wanted.includes("cameras")) layers.push(row({ kind: "icon", name: "camera" }, words.cameras));
  if (wanted.includes("camera_bands")) layers.push(row({ kind: "layer", name: "bands" }, words.bands));
  const plans = PLANS.filter((name) => wanted.includes(name)).map((name) => ({ title: words.layerNames[name], rows: planRows(legend, name, codes[name] ?? []) }));
  const walks = wanted.includes("sidewalk_uses") ? [{ title: words.walkUses, rows: USE_CLASSES.map((name) => row({ kind: "walk", name }, words.walkClasses[name])) }] : [];
  const flags = look.signs === "heat" ? [row({ kind: "layer", name: "density" }, words.signKinds.heat)] : look.verdicts.map((name) => row({ kind: "icon", name }, sayVerdict(name)));
  const cases = look.caseStates.map((name) => row({ kind: "icon", name: `case-${name}` }, words.caseKinds[name as keyof typeof words.caseKinds]));
  const sections = [{ title: words.layers, rows: layers }, ...plans, ...walks, { title: `${words.verdicts} (${notAConclusion})`, rows: flags }, { title: words.cases, rows: cases }];
  return sections.filter((section) => section.rows.length);
}

/** Classes by the first part of their code ("NO-33" is of class "NO"); a class that the legend does not name keeps its code. */
function planRows(legend: Legend | null, plan: string, codes: readonly string[]): SheetRow[] {
  const classes = [...new Set(codes.map((code) => code.split("-")[0] ?? code))].sort();
  return classes.map((code) => {
    const entry = legend?.plans[plan]?.find((one) => one.code === code);
    return row({ kind: "fill", fill: entry?.fill ?? "" }, entry?.name ?? "", code);
  });
}

/** One line per source of what is shown: title, decision, day, licence, and whether the data is generated; each once. */
export function listSources(legend: Legend | null, wanted: readonly string[], sayDay: (iso: string) => string, generated: string): string[] {
  const lines = Object.entries(legend?.layers ?? {}).filter(([name]) => wanted.includes(name)).flatMap(([, sources]) => sources).map((source) =>
    [source.title, source.decision, source.source_on && sayDay(source.source_on), source.licence, source.generated && generated].filter(Boolean).join(", "));
  return [...new Set(lines)];
}

const ROUND = [1, 2, 5];

/** The longest round length, in metres, that takes at most this many. */
export function roundLength(most: number): number {
  const power = 10 ** Math.floor(Math.log10(most));
  return power * (ROUND.findLast((step) => step * power <= most) ?? 1);
}
