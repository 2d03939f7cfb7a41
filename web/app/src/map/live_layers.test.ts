import { beforeAll, describe, expect, it, vi } from "vitest";
import { USUAL } from "./link";
import { liveUrl, sumGroups } from "./live_layers";

const AT = new Date("2026-11-26T03:00:00Z");
beforeAll(() => void vi.stubGlobal("location", { origin: "http://here" }));

describe("the tiles of flags and cases", () => {
  it("are asked for what the map is narrowed to", () => {
    const asked = new URL(liveUrl("flags", { ...USUAL, ward: "00001", days: 7, area: "BFoz5xJ67i1B" }, AT)).searchParams;
    expect(Object.fromEntries(asked)).toEqual({ verdict: "flagged,undetermined", ward: "00001", since: "2026-11-19", area: "BFoz5xJ67i1B" });
    expect(new URL(liveUrl("cases", USUAL, AT)).searchParams.has("area")).toBe(false);
  });
  it("are counted where they come as groups, late cases apart from open ones", () => {
    const groups = (...all: Record<string, number>[]) => all.map((properties) => ({ properties }));
    const found = sumGroups(groups({ count: 3, flagged: 2, undetermined: 1 }, { count: 1, flagged: 1 }), groups({ count: 5, open: 4, late: 1, closed: 1 }));
    expect(found).toEqual({ flagged: 3, undetermined: 1, compliant: 0, open: 3, late: 1, closed: 1 });
  });
});
