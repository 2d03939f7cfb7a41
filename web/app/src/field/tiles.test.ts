import { expect, it } from "vitest";
import { fill, tilesOver } from "./tiles";

it("numbers tiles as slippy maps do", () => {
  expect(tilesOver([106.6896, 10.7838, 106.6896, 10.7838], [14], 9)).toEqual([{ z: 14, x: 13047, y: 7698 }]);
});

it("covers the bounds from coarse to fine and stops at the most it may", () => {
  const tiles = tilesOver([106.68, 10.77, 106.7, 10.79], [13, 16], 1000);
  expect(tiles[0]?.z).toBe(13);
  expect(tiles.filter((tile) => tile.z === 16).length).toBeGreaterThanOrEqual(16);
  expect(tilesOver([106.0, 10.0, 107.0, 11.0], [18], 50)).toHaveLength(50);
});

it("fills an address", () => expect(fill("/t/{z}/{x}/{y}.pbf", { z: 1, x: 2, y: 3 })).toBe("/t/1/2/3.pbf"));
