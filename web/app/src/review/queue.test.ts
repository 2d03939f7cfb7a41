import { describe, expect, it } from "vitest";
import { boxesAt, following, neighbour, trackOf, type Box, type Row } from "./queue";

const rows = ["a", "b", "c", "d"].map((id) => ({ id }) as Row);
const box = (index: number, frame_s: number | null, counts: boolean, score = 0.9): Box => ({ index, label: "car", score, box_px: [10, 20, 30, 60], frame_s, track: 1, counts });

describe("the queue", () => {
  it.each([["a", 1, "b"], ["a", -1, "a"], ["d", 1, "d"], ["gone", 1, "a"]] as const)("from %s by %i goes to %s", (id, step, wanted) =>
    expect(neighbour(rows, id, step)).toBe(wanted));
  it("is empty at its end", () => expect(neighbour([], "a", 1)).toBeNull());

  it.each([["b", ["b"], "c"], ["d", ["d"], "c"], ["b", ["b", "c"], "d"], ["a", ["a", "b", "c", "d"], null]] as const)("leaves %s, with %j gone, for %s", (id, gone, wanted) =>
    expect(following(rows, new Set<string>(gone), id)).toBe(wanted));
});

describe("the boxes on show", () => {
  it("are those of the moment, what counts on top", () =>
    expect(boxesAt([box(0, 0, true), box(1, 30, true), box(2, 30, false)], 30).map((one) => one.index)).toEqual([2, 1]));
  it("of a photo are all", () => expect(boxesAt([box(0, null, true), box(1, null, false)], null)).toHaveLength(2));
  it("tell the way of the thing by its bottom centre", () =>
    expect(trackOf([box(1, 30, true), box(0, 0, true), box(2, 60, false)])).toEqual([{ x: 20, y: 60, at: 0 }, { x: 20, y: 60, at: 30 }]));
});
