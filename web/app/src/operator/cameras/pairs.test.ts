import { expect, test } from "vitest";
import { awaited, fromRecord, move, place, remove, toBody, whole, type Pair } from "./pairs";

test("a click in the frame and one on the map make a pair, in either order", () => {
  let pairs: Pair[] = place([], "px", [10, 20]);
  expect(awaited(pairs)).toEqual({ number: 1, half: "at" });
  pairs = place(pairs, "at", [106.7, 10.8]);
  expect(awaited(pairs)).toBeNull();
  pairs = place(place(pairs, "at", [106.8, 10.9]), "px", [1, 2]);
  expect(whole(pairs)).toHaveLength(2);
});

test("a second click of the same half begins another pair; the first is completed first", () => {
  let pairs = place(place([], "px", [1, 1]), "px", [2, 2]);
  pairs = place(pairs, "at", [5, 5]);
  expect(pairs[0]?.at).toEqual([5, 5]);
  expect(awaited(pairs)).toEqual({ number: 2, half: "at" });
});

test("moving and removing leave the others alone, and numbers are never given twice", () => {
  let pairs = place(place(place(place([], "px", [1, 1]), "at", [1, 1]), "px", [2, 2]), "at", [2, 2]);
  pairs = move(pairs, 2, "px", [9, 9]);
  expect(pairs.map((pair) => pair.px)).toEqual([[1, 1], [9, 9]]);
  pairs = place(remove(pairs, 1), "px", [3, 3]);
  expect(pairs.map((pair) => pair.id)).toEqual([2, 3]);
});

test("pairs on record are shown in the pixels of the picture at hand", () => {
  expect(fromRecord([[960, 540, 106.7, 10.8]], [1920, 1080], [1280, 720])[0]?.px).toEqual([640, 360]);
});

test("only whole pairs are sent", () => {
  const pairs = place(place(place([], "px", [1, 2]), "at", [3, 4]), "px", [5, 6]);
  expect(toBody(pairs, [1280, 720])).toEqual({ pairs_lonlat: [[1, 2, 3, 4]], image_size_px: [1280, 720] });
});
