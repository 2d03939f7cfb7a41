// The one door to MapLibre: its worker, its start, its words. Everything else of the map takes the map from here.
import { Map as MapLibre, prewarm, ScaleControl, setWorkerUrl, type StyleSpecification } from "maplibre-gl";
import "maplibre-gl/dist/maplibre-gl.css";
import workerUrl from "virtual:map-worker";
import type { Words } from "../words/en";
import type { Frame } from "./link";

setWorkerUrl(workerUrl);
prewarm(); // the worker starts while the style is still on its way

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
    style,
    center: [frame.lon, frame.lat],
    zoom: frame.zoom,
    minZoom: 9,
    maxZoom: 22,
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    fadeDuration: isStill ? 0 : 150,
    maxTileCacheSize: 24, // per source: a shift of panning must fit a phone of 3 GB
    locale: { "Map.Title": words.title, "ScaleControl.Meters": "m", "ScaleControl.Kilometers": "km" },
    canvasContextAttributes: { preserveDrawingBuffer: true, antialias: false },
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.addControl(new ScaleControl({ maxWidth: 100 }), "bottom-left");
  return map;
}

export const BASE = "base";
const LONGEST_WAIT_MS = 4_000;

/** When the base map of the frame is drawn: from then on a person can find the way. What else is asked for must not come before. */
export function whenBaseDrawn(map: MapLibre): Promise<void> {
  return new Promise((done) => {
    const finish = (): void => { clearTimeout(timer); map.off("sourcedata", look); map.off("idle", finish); map.once("render", () => done()); map.triggerRepaint(); };
    const look = (event: { sourceId?: string; tile?: unknown }): void => { if (event.sourceId === BASE && event.tile && map.isSourceLoaded(BASE)) finish(); };
    const timer = setTimeout(finish, LONGEST_WAIT_MS);
    map.on("sourcedata", look);
    map.once("idle", finish);
  });
}

/** Both scripts of the page's font, in the weight that the map writes with; a font that does not come is done without. */
export async function loadMapFont(): Promise<void> {
  await document.fonts.load('400 16px "Be Vietnam Pro"', "Aaếđ").catch(() => []);
}
