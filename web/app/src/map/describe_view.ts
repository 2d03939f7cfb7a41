// What a saved view says about itself: gathered from the map and the reader's choices, in the reader's words.
import type { Map as MapLibre } from "maplibre-gl";
import { day, figure, number } from "../format";
import { session } from "../session.svelte";
import type { OtherSide, View } from "./export_view";
import type { LayerGroup } from "./layer_groups";
import type { Legend } from "./legend";
import type { MapState } from "./link";

export interface Choices {
  look: MapState;
  groups: LayerGroup[];
  wanted: string[];
  legend: Legend | null;
  city: string;
  today: string;
  grid: string;
  /** The area in words; empty is none. */
  narrowed: string;
  other: OtherSide | null;
}

export function describeView(map: MapLibre, { look, groups, wanted, legend, city, today, grid, narrowed: area, other }: Choices): View {
  const words = session.words.map;
  const manner = { locale: session.locale, zone: session.zone };
  const { lng, lat } = map.getCenter();
  const on = day(look.on || today, manner);
  const place = `${words.middle}: ${figure(lat, 5, manner)}, ${figure(lng, 5, manner)}${grid ? ` · ${grid}` : ""}`;
  const narrowed = [look.use && session.say("use", look.use), look.ward && `${words.ward} ${look.ward}`, look.days && words.lastDays(look.days), area].filter(Boolean).join(" · ");
  const seen = groups.filter((group) => wanted.includes(group.name) && map.getZoom() >= group.fromZoom);
  return {
    map, other, words,
    shown: { look, wanted, drawn: seen.map((group) => group.name), codes: Object.fromEntries(seen.map((group) => [group.name, codesOf(map, group)])), legend },
    title: `${words.title}, ${city}, ${on}`,
    lines: [place, narrowed && `${words.filter}: ${narrowed}`].filter(Boolean),
    notAConclusion: session.words.here.notAConclusion,
    generated: session.words.shell.generated,
    sayVerdict: (verdict) => session.say("verdict", verdict),
    sayDay: (iso) => day(iso, manner),
    sayMetres: (metres) => `${number(metres, 1, manner)} m`,
  };
}

/** Codes of the areas that the frame shows, for layers that carry codes. */
function codesOf(map: MapLibre, { ids }: LayerGroup): string[] {
  const layers = ids.filter((id) => map.getLayer(id));
  const found = layers.length ? map.queryRenderedFeatures({ layers }) : [];
  return [...new Set(found.flatMap((feature) => (typeof feature.properties.code === "string" ? [feature.properties.code] : [])))];
}
