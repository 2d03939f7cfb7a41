import { describe, expect, it } from "vitest";
import { firstView, VIEWS, viewsFor } from "./views";

describe("views", () => {
  it("are each for somebody, and each name stands once", () => {
    expect(VIEWS.filter((view) => !view.roles.length)).toEqual([]);
    expect(new Set(VIEWS.map((view) => view.name)).size).toBe(VIEWS.length);
  });

  it("give every role a first one that it may open", () => {
    for (const role of ["inspector", "reviewer", "planner", "leader", "operator"] as const) {
      expect(viewsFor([role]).map((view) => view.name)).toContain(firstView([role]));
    }
  });

  it("are none for somebody without a role", () => expect(viewsFor([])).toEqual([]));
});
