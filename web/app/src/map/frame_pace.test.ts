import { describe, expect, it } from "vitest";
import { toWorld } from "./clusters";
import { dueIn, isElsewhere, moveOf, usualCost } from "./frame_pace";

const HERE = { lon: 106.7, lat: 10.78, zoom: 16 };

describe("the picture that stands in for the next frame", () => {
  it("stays where the view stays", () => expect(moveOf(HERE, HERE)).toBe(""));

  it.each([[0.001, 0, 0], [0, -0.002, 0], [0.0005, 0.0003, 1], [-0.001, 0.001, -0.4]])("puts every place where the map will draw it (%d, %d, %d)", (dLon, dLat, dZoom) => {
    const now = { lon: HERE.lon + dLon, lat: HERE.lat + dLat, zoom: HERE.zoom + dZoom };
    const [, dx, dy, scale] = /translate\((.+)px, (.+)px\) scale\((.+)\)/.exec(moveOf(HERE, now))?.map(Number) ?? [];
    const place: [number, number] = [106.7021, 10.7795]; // pixels from the middle of the map, before and after
    const from = (frame: typeof HERE, axis: 0 | 1): number => toWorld(...place, frame.zoom)[axis] - toWorld(frame.lon, frame.lat, frame.zoom)[axis];
    expect(from(HERE, 0) * (scale ?? 0) + (dx ?? 0)).toBeCloseTo(from(now, 0), 1);
    expect(from(HERE, 1) * (scale ?? 0) + (dy ?? 0)).toBeCloseTo(from(now, 1), 1);
  });
});

describe("a picture that says too little of the next frame", () => {
  it.each([
    ["near by", { dLon: 0.002, dZoom: 1 }, false],
    ["beside the frame", { dLon: 0.02, dZoom: 0 }, true],
    ["of a town in the view of a house", { dLon: 0, dZoom: 4 }, true],
    ["of a house in the view of a town", { dLon: 0, dZoom: -4 }, true],
  ])("%s", (_, { dLon, dZoom }, is) => expect(isElsewhere(HERE, { lon: HERE.lon + dLon, lat: HERE.lat, zoom: HERE.zoom + dZoom }, 800, 600)).toBe(is));
});

describe("when a dear frame is drawn", () => {
  it.each([
    ["not while a press is answered", { now: 1000, busy: 990, asked: 995, isLoaded: true }, 150],
    ["at once when all rests", { now: 1000, busy: 100, asked: 1000, isLoaded: true }, 0],
    ["with the tiles that are on their way", { now: 1000, busy: 100, asked: 1000, isLoaded: false }, 160],
    ["without them after a while", { now: 1601, busy: 100, asked: 1000, isLoaded: false }, 0],
    ["in the middle of a drag that does not end", { now: 2500, busy: 2499, asked: 1000, isLoaded: true }, 0],
  ])("%s", (_, state, due) => expect(dueIn(state)).toBe(due));

  it("judges by the middle of the last frames", () => {
    expect(usualCost([])).toBe(0);
    expect(usualCost([20, 400, 30])).toBe(30);
    expect(usualCost([300, 20, 350])).toBe(300);
  });
});
