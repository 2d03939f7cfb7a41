// The order of work in the queue: which flag comes next, and which boxes of the evidence are on show. Pure.
import type { Answer } from "../api/client";

export type Queue = Answer<"/api/v1/review">;
export type Row = Queue["items"][number];
export type Item = Answer<"/api/v1/review/{flag_id}">;
export type Box = Item["evidence"]["boxes"][number];

export const REASONS = ["wrong_object", "off_sidewalk", "permitted", "private_land", "temporary", "funeral_or_wedding", "other"] as const;
export type Reason = (typeof REASONS)[number];

/** The neighbour of a flag in the list; the list's end stays where it is. Null in an empty list. */
export function neighbour(rows: readonly Row[], id: string, step: 1 | -1): string | null {
  const at = rows.findIndex((row) => row.id === id);
  if (at < 0) return rows[0]?.id ?? null;
  return rows[Math.max(0, Math.min(rows.length - 1, at + step))]?.id ?? null;
}

/** Where to go when some flags leave the list: the first after them, else the last before. */
export function following(rows: readonly Row[], gone: ReadonlySet<string>, id: string): string | null {
  const at = rows.findIndex((row) => row.id === id);
  const after = rows.slice(Math.max(0, at)).find((row) => !gone.has(row.id));
  return (after ?? rows.findLast((row) => !gone.has(row.id)))?.id ?? null;
}

const SAME_FRAME_S = 1e-3;

/** The boxes of one moment of a clip, or all boxes of a photo; what counts lies on top. */
export function boxesAt(boxes: readonly Box[], moment: number | null): Box[] {
  const here = boxes.filter((box) => moment === null || box.frame_s === null || Math.abs(box.frame_s - moment) < SAME_FRAME_S);
  return here.toSorted((one, other) => Number(one.counts) - Number(other.counts) || one.score - other.score);
}

/** Bottom centres of the counted track, by time: where the thing stood on the ground in the picture. */
export function trackOf(boxes: readonly Box[]): { x: number; y: number; at: number }[] {
  return boxes
    .flatMap((box) => (box.counts && box.frame_s !== null ? [{ x: (box.box_px[0]! + box.box_px[2]!) / 2, y: box.box_px[3]!, at: box.frame_s }] : []))
    .toSorted((one, other) => one.at - other.at);
}

/** Where among the moments of a clip a second lies: the number of the nearest one. */
export function nearestMoment(moments_s: readonly number[], at: number): number {
  return moments_s.reduce((best, moment, index) => (Math.abs(moment - at) < Math.abs((moments_s[best] ?? 0) - at) ? index : best), 0);
}
