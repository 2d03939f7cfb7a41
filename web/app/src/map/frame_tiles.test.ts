import { expect, it } from "vitest";
import { tilesInFrame } from "./frame_tiles";

const SOURCE = { tiles: ["/t/{z}/{x}/{y}.pbf"], minzoom: 8, maxzoom: 16 };
const PHONE = { width: 390, height: 748 };
const AT = { lon: 106.6936, lat: 10.7774 };

it("names the tiles that the map library asks for", () => {
  expect(tilesInFrame(SOURCE, { ...AT, zoom: 16 }, PHONE)).toEqual([
    "/t/16/52190/30793.pbf", "/t/16/52191/30793.pbf", "/t/16/52190/30794.pbf", "/t/16/52191/30794.pbf", "/t/16/52190/30795.pbf", "/t/16/52191/30795.pbf",
  ]);
});

it("takes the deepest tiles there are when looked at from nearer", () => {
  expect(tilesInFrame(SOURCE, { ...AT, zoom: 19 }, PHONE)).toEqual(["/t/16/52190/30794.pbf", "/t/16/52191/30794.pbf"]);
});

it("names none where the source draws nothing", () => {
  expect(tilesInFrame(SOURCE, { ...AT, zoom: 5 }, PHONE)).toEqual([]);
  expect(tilesInFrame({}, { ...AT, zoom: 16 }, PHONE)).toEqual([]);
});
