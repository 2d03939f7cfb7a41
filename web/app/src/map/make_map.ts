// The one door to MapLibre: its worker, its start, its words. Everything else of the map takes the map from here.
import { addProtocol, Map as MapLibre, prewarm, ScaleControl, type StyleSpecification } from "maplibre-gl";
import "maplibre-gl/dist/maplibre-gl.css";
import type { Words } from "../words/en";
import { painted } from "./after_paint";
import { keepPace } from "./frame_pace";
import type { Frame } from "./link";

prewarm(); // the worker (`map_worker.ts`) starts while the style is still on its way, and outlives every map

// A style given as it is, and each of its sources, waits for a frame of the browser to be drawn before it is looked at; one that
// is fetched does not. So the style that is here already is fetched from here.
const HELD = "held";
const held = new Map<string, StyleSpecification>();
addProtocol(HELD, ({ url }) => {
  const style = held.get(url);
  held.delete(url);
  return Promise.resolve({ data: style ?? {} }); // a source says itself which tiles it has: nothing is to be added
});
let begun = 0;

function hold(style: StyleSpecification): string {
  const url = `${HELD}://style/${++begun}`;
  const sources = Object.entries(style.sources).map(([name, source]) => [name, "tiles" in source ? { ...source, url: `${HELD}://source` } : source]);
  held.set(url, { ...style, sources: Object.fromEntries(sources) as StyleSpecification["sources"] });
  return url;
}

export interface MapWish {
  container: HTMLElement;
  style: StyleSpecification | string;
  frame: Frame;
  words: Words["map"];
  isStill: boolean;
}

/** A map in a frame; keyboard and touch as everywhere, no turning (a plan's north is up). */
export function makeMap({ container, style, frame, words, isStill }: MapWish): MapLibre {
  const map = new MapLibre({
    container,
    style: typeof style === "string" ? style : hold(style),
    center: [frame.lon, frame.lat],
    zoom: frame.zoom,
    minZoom: 9,
    maxZoom: 22,
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    fadeDuration: isStill ? 0 : 150,
    maxTileCacheSize: 12, // per source, two screens of a phone: a shift of panning must fit 3 GB
    validateStyle: !import.meta.env.PROD, // ours alone, looked through by tests: on a phone it is half a frame each time
    locale: { "Map.Title": words.title, "ScaleControl.Meters": "m", "ScaleControl.Kilometers": "km" },
    canvasContextAttributes: { preserveDrawingBuffer: true, antialias: false },
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.once("idle", () => keepPace(map));
  map.addControl(new ScaleControl({ maxWidth: 100 }), "bottom-left");
  return map;
}

/** When every tile of these sources that the frame needs has come and is on the screen. */
export async function whenDrawn(map: MapLibre, sources: readonly string[]): Promise<void> {
  await new Promise<void>((done) => {
    const finish = (): void => { map.off("sourcedata", look); map.off("idle", finish); map.once("render", () => done()); map.triggerRepaint(); };
    const look = (event: { tile?: unknown }): void => { if (event.tile && sources.every((id) => map.isSourceLoaded(id))) finish(); };
    map.on("sourcedata", look);
    map.once("idle", finish);
  });
  await painted();
}

/** Both scripts of the page's font, in the weight that the map writes with; a font that does not come is done without. */
export async function loadMapFont(): Promise<void> {
  await document.fonts.load('400 16px "Be Vietnam Pro"', "Aaếđ").catch(() => []);
}
