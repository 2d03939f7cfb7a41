import { describe, expect, it } from "vitest";
import { letterOf, placePlates, type Plate } from "./plates";
import type { Box } from "./queue";

const box = (index: number, box_px: number[], counts = false, score = 0.5): Box => ({ index, label: "car", score, box_px, frame_s: null, track: null, counts });
const sheet = { width_px: 640, height_px: 480, letter: 10 };
const say = (one: Box): string => `car ${one.index}`;
const meet = (a: Plate, b: Plate): boolean => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

describe("the names of boxes", () => {
  it("never lie over one another and stay in the picture", () => {
    const crowd = Array.from({ length: 40 }, (_, n) => box(n, [n * 3, n * 2, n * 3 + 60, n * 2 + 50], false, n / 40));
    const plates = placePlates([...crowd, box(99, [600, 2, 639, 40])], sheet, say);
    expect(plates.length).toBeGreaterThan(3);
    expect(plates.some((one, n) => plates.slice(n + 1).some((other) => meet(one, other)))).toBe(false);
    expect(plates.every((one) => one.x >= 0 && one.y >= 0 && one.x + one.width <= 640 && one.y + one.height <= 480)).toBe(true);
  });
  it("are those of what counts first, then of the surest", () => {
    const same = [100, 100, 110, 104];
    const plates = placePlates([box(1, same, false, 0.9), box(2, same, true, 0.3), box(3, same, true, 0.2)], { ...sheet, letter: 60 }, say);
    expect(plates.slice(0, 2).map((one) => one.index)).toEqual([2, 3]);
  });
  it("of two boxes that lie together both find room", () =>
    expect(placePlates([box(1, [100, 100, 160, 160]), box(2, [102, 101, 162, 161])], sheet, say)).toHaveLength(2));
});

describe("letters", () => {
  it("are twelve pixels on a phone and grow no more when one looks closer", () => {
    const phone = { width: 320, height: 180 };
    expect(letterOf(1280, 720, phone, 1) * (320 / 1280)).toBeCloseTo(12);
    expect(letterOf(1280, 720, phone, 4) * (320 / 1280) * 4).toBeCloseTo(12);
  });
  it("are a share of the picture on a desk", () => expect(letterOf(1280, 720, { width: 1280, height: 720 }, 1)).toBeCloseTo(1280 / 52));
  it("have a size before the picture has one", () => expect(letterOf(1280, 720, { width: 0, height: 0 }, 1)).toBeCloseTo(1280 / 52));
});
