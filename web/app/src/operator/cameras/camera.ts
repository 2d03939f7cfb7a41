// One camera as the server tells it, and how well it is.
import type { Answer } from "../../api/client";

export type Cameras = Answer<"/api/v1/cameras">;
export type Camera = Cameras["features"][number];
export type Tone = "ok" | "wait" | "bad";

const WELL = new Set(["live", "off_schedule", "switched_off"]);
const SOON = new Set(["starting", "connecting"]);
const NOBODYS = new Set(["no_stream", "switched_off"]);

export function toneOf(camera: Camera): Tone {
  const { state } = camera.properties;
  return WELL.has(state) ? "ok" : SOON.has(state) ? "wait" : "bad";
}

/** Whether a runner could watch it: of others no picture can come, however long one waits. */
export function isWatchable(camera: Camera): boolean {
  return !NOBODYS.has(camera.properties.state);
}

/** Those that need somebody first, then by title. */
export function sortByNeed(cameras: readonly Camera[]): Camera[] {
  const rank: Record<Tone, number> = { bad: 0, wait: 1, ok: 2 };
  return [...cameras].sort((a, b) => rank[toneOf(a)] - rank[toneOf(b)] || a.properties.title.localeCompare(b.properties.title));
}
