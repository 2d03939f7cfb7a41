// The one door to MapLibre: its worker, its start, its words. Everything else of the map takes the map from here.
import { Map as MapLibre, prewarm, ScaleControl, setWorkerUrl, type StyleSpecification } from "maplibre-gl";
import "maplibre-gl/dist/maplibre-gl.css";
import workerUrl from "virtual:map-worker";
import type { Words } from "../words/en";
import type { Frame } from "./link";
import { startedAt } from "./worker_address";

setWorkerUrl(startedAt(workerUrl));
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
    maxTileCacheSize: 12, // per source, two screens of a phone: a shift of panning must fit 3 GB
    validateStyle: !import.meta.env.PROD, // ours alone, looked through by tests: on a phone it is half a frame each time
    locale: { "Map.Title": words.title, "ScaleControl.Meters": "m", "ScaleControl.Kilometers": "km" },
    canvasContextAttributes: { preserveDrawingBuffer: true, antialias: false },
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.addControl(new ScaleControl({ maxWidth: 100 }), "bottom-left");
  return map;
}


/** When every tile of these sources that the frame needs has come and is drawn. */
export function whenDrawn(map: MapLibre, sources: readonly string[]): Promise<void> {
  return new Promise((done) => {
    const finish = (): void => { map.off("sourcedata", look); map.off("idle", finish); map.once("render", () => done()); map.triggerRepaint(); };
    const look = (event: { tile?: unknown }): void => { if (event.tile && sources.every((id) => map.isSourceLoaded(id))) finish(); };
    map.on("sourcedata", look);
    map.once("idle", finish);
  });
}

/** Both scripts of the page's font, in the weight that the map writes with; a font that does not come is done without. */
export async function loadMapFont(): Promise<void> {
  await document.fonts.load('400 16px "Be Vietnam Pro"', "Aaếđ").catch(() => []);
}
