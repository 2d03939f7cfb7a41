import { describe, expect, it } from "vitest";
import { emptyQuestion, examplesFor, fromBody, nextSort, toBody, type Asked } from "./question";

const EMPTY = emptyQuestion("hcmc", "2026-11-22");
const AREA = { type: "Polygon" as const, coordinates: [[[1, 1], [2, 1], [2, 2], [1, 1]]] };

describe("a question", () => {
  it.each<[string, Asked, object]>([
    ["of a filter", { ...EMPTY, filter: " a > 1 ", area: AREA, sort: "-key" }, { city: "hcmc", on: "2026-11-22", area: AREA, sort: "-key", layer: "parcels", filter: "a > 1" }],
    ["that is ready", { ...EMPTY, kind: "question", question: "flags_near_places", blanks: { kind: "school" }, filter: "not sent" }, { city: "hcmc", on: "2026-11-22", question: "flags_near_places", blanks: { kind: "school" } }],
    ["of two dates", { ...EMPTY, kind: "compare", since: "2026-01-01" }, { city: "hcmc", on: "2026-11-22", layer: "parcels", since: "2026-01-01" }],
  ])("%s is sent as the server takes it, and comes back the same", (_, asked, body) => {
    expect(toBody(asked)).toEqual(body);
    expect(toBody(fromBody(body as Record<string, unknown>, "other", "2026-12-31"))).toEqual(body);
  });

  it("sorts up, down, not at all", () => {
    expect(["key", "-key", ""]).toEqual([nextSort("", "key"), nextSort("key", "key"), nextSort("-key", "key")]);
    expect(nextSort("-key", "name")).toBe("name");
  });

  it("has examples of its own columns only", () => {
    expect(examplesFor("zoning", { max_storeys: "number", code: "text", area_m2: "number" })).toHaveLength(2);
    expect(examplesFor("unheard_of", { height_m: "number", name: "text" })).toEqual(["height_m > 100", "name LIKE 'A%'"]);
  });
});
