import { describe, expect, it } from "vitest";
import { readPlace } from "./router.svelte";

describe("an address", () => {
  it.each([
    ["/app/", "", []],
    ["/app/map", "map", []],
    ["/app/review/8f1c/", "review", ["8f1c"]],
    ["/app/cases/VH-2611-0417", "cases", ["VH-2611-0417"]],
    ["/somewhere/else", "", []],
  ])("%s names its view and parts", (path, view, rest) => {
    const place = readPlace(`http://here${path}?use=parking`);
    expect(place.view).toBe(view);
    expect(place.rest).toEqual(rest);
    expect(place.query.get("use")).toBe("parking");
  });
});
