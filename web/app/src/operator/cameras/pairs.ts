// Point pairs that somebody clicks: a place in the frame and the same place on the ground, made one after the other, each step undoable.

export type Spot = [number, number];

/** `px` in pixels of the frame, `at` as longitude and latitude; a pair that lacks one waits for its other click. */
export interface Pair {
  id: number;
  px: Spot | null;
  at: Spot | null;
}

export interface WholePair {
  id: number;
  px: Spot;
  at: Spot;
}

export type Half = "px" | "at";

/** A click: completes the pair that waits for this half, or begins a new one. */
export function place(pairs: readonly Pair[], half: Half, spot: Spot): Pair[] {
  const waiting = pairs.findIndex((pair) => pair[half] === null);
  if (waiting >= 0) return pairs.map((pair, index) => (index === waiting ? { ...pair, [half]: spot } : pair));
  const id = 1 + Math.max(0, ...pairs.map((pair) => pair.id));
  return [...pairs, { id, px: null, at: null, [half]: spot }];
}

export function move(pairs: readonly Pair[], id: number, half: Half, spot: Spot): Pair[] {
  return pairs.map((pair) => (pair.id === id ? { ...pair, [half]: spot } : pair));
}

export function remove(pairs: readonly Pair[], id: number): Pair[] {
  return pairs.filter((pair) => pair.id !== id);
}

export function whole(pairs: readonly Pair[]): WholePair[] {
  return pairs.filter((pair): pair is WholePair => pair.px !== null && pair.at !== null);
}

/** What the next click must be, if one pair is half made. */
export function awaited(pairs: readonly Pair[]): { number: number; half: Half } | null {
  const index = pairs.findIndex((pair) => pair.px === null || pair.at === null);
  const pair = pairs[index];
  return pair ? { number: index + 1, half: pair.px === null ? "px" : "at" } : null;
}

/** Pairs of a calibration on record, in the pixels of the frame that is shown now. */
export function fromRecord(rows: readonly (readonly number[])[], recorded: readonly number[] | null, shown: readonly number[]): Pair[] {
  const scale = recorded?.[0] && shown[0] ? shown[0] / recorded[0] : 1;
  return rows.map(([u = 0, v = 0, lon = 0, lat = 0], index) => ({ id: index + 1, px: [u * scale, v * scale], at: [lon, lat] }));
}

/** A body for the server: only whole pairs, in their order. */
export function toBody(pairs: readonly Pair[], size: readonly number[]): { pairs_lonlat: number[][]; image_size_px: number[] } {
  return { pairs_lonlat: whole(pairs).map(({ px, at }) => [px[0], px[1], at[0], at[1]]), image_size_px: [...size] };
}
