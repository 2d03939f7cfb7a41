// Where the names of boxes stand in the picture so that each can be read: none over another, all inside. Pure.
import type { Box } from "./queue";

export interface Plate { readonly index: number; readonly counts: boolean; readonly text: string; readonly x: number; readonly y: number; readonly width: number; readonly height: number }
export interface Sheet { readonly width_px: number; readonly height_px: number; readonly letter: number }

const LETTER_WIDTH = 0.62;
const PLATE_HEIGHT = 1.5;
const LEAST_CSS_PX = 12;

/** The height of letters in the picture's pixels: a share of it, yet at least twelve pixels on the screen, at every zoom. */
export function letterOf(width_px: number, height_px: number, shown: { width: number; height: number }, zoom: number): number {
  const scale = Math.min(shown.width / width_px, shown.height / height_px);
  return Math.max(Math.max(width_px, height_px) / 52, scale > 0 ? LEAST_CSS_PX / scale : 0) / zoom;
}

/** One plate for each box that has room for it: what counts chooses first and always has one, then the surest.
 * A plate stands above its box, else below, else inside at the top or the bottom, else not at all. */
export function placePlates(boxes: readonly Box[], sheet: Sheet, say: (box: Box) => string): Plate[] {
  const placed: Plate[] = [];
  const order = boxes.toSorted((one, other) => Number(other.counts) - Number(one.counts) || other.score - one.score);
  for (const box of order) {
    const spots = spotsOf(box, sheet, say(box));
    const free = spots.find((spot) => placed.every((other) => !meet(spot, other))) ?? (box.counts ? spots[0] : undefined);
    if (free) placed.push(free);
  }
  return placed;
}

function spotsOf(box: Box, { width_px, height_px, letter }: Sheet, text: string): Plate[] {
  const [x0, y0, x1, y1] = box.box_px as [number, number, number, number];
  const [width, height] = [text.length * letter * LETTER_WIDTH, letter * PLATE_HEIGHT];
  const inside = (at: number, most: number): number => Math.max(0, Math.min(at, most));
  return [y0 - height, y1, y0, y1 - height].flatMap((y) => [x0, x1 - width].map((x) => (
    { index: box.index, counts: box.counts, text, x: inside(x, width_px - width), y: inside(y, height_px - height), width, height }
  )));
}

function meet(one: Plate, other: Plate): boolean {
  return one.x < other.x + other.width && other.x < one.x + one.width && one.y < other.y + other.height && other.y < one.y + one.height;
}
