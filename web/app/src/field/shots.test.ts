import { expect, it } from "vitest";
import { hasJumped } from "./shots";
import type { Shot } from "./values";

const shot = (lon: number | null, takenAt: number): Shot => ({
  id: "s", visit: "v", kind: "detail", name: "", type: "image/jpeg", size: 1, sha256: "", takenAt, lon, lat: lon === null ? null : 10.78, accuracy_m: 6, mediaId: "",
});

it.each([
  ["on foot", shot(106.69, 0), shot(106.6905, 60_000), false],
  ["to another town within a minute", shot(106.69, 0), shot(107.3, 60_000), true],
  ["without a place before", shot(null, 0), shot(107.3, 60_000), false],
  ["and the clock was turned back", shot(106.69, 7_200_000), shot(106.6901, 0), false],
])("a phone that went %s", (_, before, now, isOdd) => expect(hasJumped(before, now)).toBe(isOdd));
