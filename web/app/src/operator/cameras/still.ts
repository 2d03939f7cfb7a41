// A redacted picture of now: the camera's runner makes one when asked, within seconds.
import { ask } from "../../api/client";
import { readFault } from "../../api/fault";
import { isWatchable, type Camera } from "./camera";

export interface Still {
  url: string;
  at: string;
}

const TRIES = 15;
const PAUSE_MS = 2_000;

/** The picture as an address of this page, or null where no runner makes one. Throws a Fault. Whoever shows it revokes the address. */
export async function fetchStill(camera: Camera, signal: AbortSignal): Promise<Still | null> {
  if (!isWatchable(camera)) return null;
  for (let tried = 0; tried < TRIES; tried += 1) {
    const answer = await ask("GET", `/api/v1/cameras/${camera.id}/still`, { signal, headers: { Accept: "image/jpeg, application/json" } });
    if (answer.status === 200) return { url: URL.createObjectURL(await answer.blob()), at: answer.headers.get("X-Taken-At") ?? "" };
    if (answer.status !== 202) throw await readFault(answer);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    if (signal.aborted) return null;
  }
  return null;
}
