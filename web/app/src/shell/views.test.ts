import { describe, expect, it } from "vitest";
import { firstView, menuFor, VIEWS, viewsFor } from "./views";

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

  it("keep every menu short: what is operated stands behind one word", () => {
    const { alone, groups } = menuFor(["operator"]);
    expect(groups.map(([name]) => name)).toEqual(["operation"]);
    expect(groups[0]?.[1].map((way) => way.href)).toContain("/needs-person/");
    expect(alone.length).toBeLessThanOrEqual(5);
  });

  it("open no group for a single way", () => {
    for (const role of ["inspector", "reviewer", "leader"] as const) {
      for (const [, ways] of menuFor([role]).groups) expect(ways.length).toBeGreaterThan(1);
    }
  });
});
