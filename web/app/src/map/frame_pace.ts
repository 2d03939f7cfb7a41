// The pace of a map on a device that draws slowly: without a graphics card a frame of a full map blocks the page for longer than
// a press may wait. There the picture that was drawn last is moved and scaled at once (north is up: a shift and a scale say it
// all), and the map is drawn anew, in full, when the hand rests. A device that draws quickly draws every frame, as ever.
import type { Map as MapLibre } from "maplibre-gl";
import { toWorld } from "./clusters";
import type { Frame } from "./link";

/** A frame that costs less is drawn whenever the map asks. */
const DEAR_MS = 60;
/** So long after the last press or move the next frame is drawn in full: the answer to a press is on the screen by then. */
const REST_MS = 160;
/** A drag that does not end is drawn in full at times, for the ground that it uncovers. */
const LONGEST_MOVE_MS = 1_500;
/** So long tiles on their way are waited for, to be drawn together. */
const LONGEST_WAIT_MS = 600;
const COSTS_KEPT = 3;
const MOST_LEVELS = 2;
const HELD = "data-held";
const PRESSES = ["pointerdown", "pointerup", "click", "keydown", "keyup", "wheel"] as const;

/** What of the map library's inside is needed; its version is fixed, and a test of the browser draws by this. */
interface Inside {
  _render(at: number): MapLibre;
  _renderTaskQueue: { run(at: number): void };
  _removed: boolean;
  _fadeDuration: number;
}

interface View extends Frame { width: number; height: number }

/** The middle one of the last few costs, so that one hiccup decides nothing. */
export function usualCost(costs: readonly number[]): number {
  return costs.toSorted((one, other) => one - other)[costs.length >> 1] ?? 0;
}

/** How a picture drawn of one view lies in another: by the middle of the map, in CSS pixels. */
export function moveOf(drawn: Frame, now: Frame): string {
  const [x0, y0] = toWorld(drawn.lon, drawn.lat, now.zoom);
  const [x1, y1] = toWorld(now.lon, now.lat, now.zoom);
  if (x0 === x1 && y0 === y1 && now.zoom === drawn.zoom) return "";
  return `translate(${(x0 - x1).toFixed(2)}px, ${(y0 - y1).toFixed(2)}px) scale(${2 ** (now.zoom - drawn.zoom)})`;
}

/** Whether a picture of one view shows little of another: it lies beside the frame, or its zoom is two levels away. */
export function isElsewhere(drawn: Frame, now: Frame, width: number, height: number): boolean {
  const [x0, y0] = toWorld(drawn.lon, drawn.lat, now.zoom);
  const [x1, y1] = toWorld(now.lon, now.lat, now.zoom);
  return Math.abs(x0 - x1) > width || Math.abs(y0 - y1) > height || Math.abs(now.zoom - drawn.zoom) > MOST_LEVELS;
}

/** Draws every frame in full from now on, or no more. A pen needs it, for it listens to the canvas, which else moves with the picture. */
export function holdStill(map: MapLibre, isHeld: boolean): void {
  const canvas = map.getCanvas();
  canvas.toggleAttribute(HELD, isHeld);
  if (isHeld && canvas.style.transform) map.redraw();
}

/** When the next full frame is due, in ms from now; 0 is at once. All are moments of `performance.now()`. */
export function dueIn({ now, busy, asked, isLoaded }: { now: number; busy: number; asked: number; isLoaded: boolean }): number {
  const rest = busy + REST_MS - now;
  if (rest > 0) return Math.max(0, Math.min(rest, asked + LONGEST_MOVE_MS - now));
  return isLoaded ? 0 : Math.max(0, Math.min(REST_MS, asked + LONGEST_WAIT_MS - now));
}

/** From its first rest on the map keeps this pace; until then every frame is drawn, for the first map is waited for. */
export function keepPace(map: MapLibre): void {
  const inside = map as unknown as Inside;
  const canvas = map.getCanvas();
  const draw = inside._render.bind(map);
  const fade = inside._fadeDuration;
  let costs: number[] = [];
  let drawn: View | null = null;
  let busy = 0; // the last press, move or full frame
  let asked = 0; // when the map first wanted the frame that it waits for; 0 where it waits for none
  let timer: ReturnType<typeof setTimeout> | undefined;
  // Where the map is on the page is where its frame is, wherever the picture in it was moved.
  canvas.getBoundingClientRect = () => map.getCanvasContainer().getBoundingClientRect();

  function look(): View {
    const { lng, lat } = map.getCenter();
    return { lon: lng, lat, zoom: map.getZoom(), width: canvas.clientWidth, height: canvas.clientHeight };
  }
  const isDear = (): boolean => usualCost(costs) > DEAR_MS;
  function measure(from: number): void {
    const { port1, port2 } = new MessageChannel(); // answered when the frame was handed over
    port1.onmessage = () => { busy = performance.now(); costs = [...costs, busy - from].slice(-COSTS_KEPT); port1.close(); };
    port2.postMessage(null);
  }
  function drawFull(at: number): MapLibre {
    clearTimeout(timer);
    [timer, asked] = [undefined, 0];
    inside._fadeDuration = isDear() ? 0 : fade; // names that fade in are many frames, names that are placed bit by bit are more
    const from = performance.now();
    draw(at);
    if (inside._removed) return map;
    if (at) measure(from);
    canvas.style.transform = "";
    drawn = look();
    return map;
  }
  function movePicture(at: number, last: View): MapLibre {
    inside._renderTaskQueue.run(at);
    if (inside._removed) return map;
    const [now, view] = [performance.now(), look()];
    if (view.width !== last.width || view.height !== last.height || isElsewhere(last, view, view.width, view.height)) return drawFull(at);
    const move = moveOf(last, view);
    if (canvas.style.transform !== move) [canvas.style.transform, busy] = [move, now];
    asked ||= now;
    const left = dueIn({ now, busy, asked, isLoaded: map.areTilesLoaded() });
    if (left <= 0) return drawFull(at);
    timer ??= setTimeout(() => { timer = undefined; map.triggerRepaint(); }, left);
    return map;
  }
  inside._render = (at) => (at && drawn && isDear() && !canvas.hasAttribute(HELD) ? movePicture(at, drawn) : drawFull(at));

  const press = (): void => { busy = performance.now(); };
  for (const name of PRESSES) addEventListener(name, press, { capture: true, passive: true });
  map.once("remove", () => {
    clearTimeout(timer);
    for (const name of PRESSES) removeEventListener(name, press, { capture: true });
  });
}
