import { describe, expect, it } from "vitest";
import { boundsOf, readArea, readTyped, typeOut, writeArea, type Corner } from "./link_area";

const TOWN: Corner[] = [[106.6896, 10.7838], [106.70051, 10.7838], [106.7, 10.79], [106.6896, 10.7899]];
const CITY = [106.3, 10.3, 107, 11.2] as const;

describe("the area of a link", () => {
  it("reads and writes the example of the format, latitude first", () => {
    const corners = readArea("BFoz5xJ67i1B1B7PzIhaxL7Y");
    expect(corners).toEqual([[8.69821, 50.10228], [8.69567, 50.10201], [8.6915, 50.10063], [8.68752, 50.09878]]);
  });
  it("gives back what was put into it, on every side of the earth, in letters that no address escapes", () => {
    for (const corners of [TOWN, TOWN.map(([lon, lat]): Corner => [-lon, -lat]), [[-180, -85], [180, -85], [180, 85]] as Corner[]]) {
      const text = writeArea(corners);
      expect(readArea(text)).toEqual(corners);
      expect(encodeURIComponent(text)).toBe(text);
    }
  });
  it("is short", () => expect(writeArea(TOWN).length).toBeLessThan(45));
  it.each(["", "B", "BG", "BGo", "?", "CFoz5xJ67i1B1B7PzIhaxL7Y", "BFoz5xJ67i1B1B7P", "BG" + "_".repeat(30), "B".repeat(2001), "BAgggggggggggggD"])("is none in %s", (text) => expect(readArea(text)).toBeNull());
  it("has bounds", () => expect(boundsOf(TOWN)).toEqual([106.6896, 10.7838, 106.70051, 10.79]));
});

describe("typed corners", () => {
  it.each(["10.7838, 106.6896\n10.79,106.7\n\n10.7838 106.70051", "10,7838 106,6896\n10,79; 106,7\n10,7838 · 106,70051"])("are latitude and longitude: %s", (text) => {
    expect(readTyped(text, CITY)).toEqual({ corners: [[106.6896, 10.7838], [106.7, 10.79], [106.70051, 10.7838]], badLine: 0, isTurned: false });
  });
  it("may have longitude first where only that is in the city", () => expect(readTyped("106.6896 10.7838", CITY)).toEqual({ corners: [[106.6896, 10.7838]], badLine: 0, isTurned: true }));
  it.each([["10.7 106.6\nhere", 2], ["10.7", 1], ["10.7 106.6 5", 1], ["1190110 600015", 1]])("name the line that is none: %s", (text, line) => expect(readTyped(text, CITY).badLine).toBe(line));
  it("come out as they go in", () => expect(readTyped(typeOut(TOWN), CITY).corners).toEqual(TOWN));
});
