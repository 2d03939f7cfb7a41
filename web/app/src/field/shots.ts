// Taking evidence on site: bytes as they are, hash at once, the device's position if it gives one. Nothing is recompressed.
import type { OwnJob } from "./day";
import { sha256 } from "./hash";
import { dropShot, keepShot, type FieldStore } from "./store";
import type { Shot } from "./values";

const FAR_M = 300;
const POSITION_WAIT_MS = 6_000;

export type Told = "kept" | "not_a_picture" | "no_position" | "far_away";

/** Keeps and queues a file; what the person should know about it is the answer. Throws only when the storage refuses. */
export async function takeShot(store: FieldStore, job: OwnJob, file: File, kind: Shot["kind"]): Promise<Told> {
  const bytes = await file.arrayBuffer();
  const [hash, place] = await Promise.all([sha256(bytes), readPosition()]);
  const shot: Shot = {
    id: crypto.randomUUID(), visit: job.visit.id, kind, name: file.name || `${kind}.jpg`, type: file.type || "application/octet-stream",
    size: bytes.byteLength, sha256: hash, takenAt: Date.now(), lon: place?.longitude ?? null, lat: place?.latitude ?? null,
    accuracy_m: place?.accuracy ?? null, mediaId: "",
  };
  await keepShot(store, shot, bytes, {
    key: shot.id, kind: "shot", visit: shot.visit, caseCode: job.case.code, body: {}, madeAt: shot.takenAt, state: "waiting", tries: 0, fault: null,
  });
  if (kind === "signature") return "kept";
  if (!file.type.startsWith("image/")) return "not_a_picture";
  if (!place) return "no_position";
  return isFar(job, place) ? "far_away" : "kept";
}

export async function dropOwnShot(store: FieldStore, shot: Shot): Promise<void> {
  if (!shot.mediaId) await dropShot(store, shot.id);
}

function readPosition(): Promise<GeolocationCoordinates | null> {
  if (!navigator.geolocation) return Promise.resolve(null);
  return new Promise((tell) =>
    navigator.geolocation.getCurrentPosition(({ coords }) => tell(coords), () => tell(null), { enableHighAccuracy: true, timeout: POSITION_WAIT_MS, maximumAge: 15_000 }));
}

/** Great-circle metres on the sphere are enough to say "elsewhere"; nothing legal is measured with them. */
function isFar(job: OwnJob, place: GeolocationCoordinates): boolean {
  if (job.case.lon === null || job.case.lat === null) return false;
  const radians = Math.PI / 180;
  const east = (place.longitude - job.case.lon) * radians * Math.cos(job.case.lat * radians);
  const north = (place.latitude - job.case.lat) * radians;
  return 6_371_000 * Math.hypot(east, north) > FAR_M + place.accuracy;
}
