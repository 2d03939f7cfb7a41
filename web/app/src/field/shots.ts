// Taking evidence on site: bytes as they are, hash at once, the device's position if it gives one. Nothing is recompressed.
import type { OwnJob } from "./day";
import { sha256 } from "./hash";
import { dropShot, keepShot, type FieldStore } from "./store";
import type { Shot } from "./values";

const FAR_M = 300;
const POSITION_WAIT_MS = 6_000;
const FASTEST_M_S = 70;
/** What the server reads as a photo. A browser calls a camera's raw file an image too. */
const KNOWN_TYPES: ReadonlySet<string> = new Set(["image/jpeg", "image/png", "image/webp", "image/heic", "image/heif"]);

export type Told = "kept" | "not_a_picture" | "no_position" | "far_away" | "jumped";

/** Keeps and queues a file; what the person should know about it is the answer. Throws only when the storage refuses. */
export async function takeShot(store: FieldStore, job: OwnJob, file: File, kind: Shot["kind"]): Promise<Told> {
  const bytes = await file.arrayBuffer();
  const isPicture = kind !== "signature" && kind !== "voice";
  const [hash, place, before] = await Promise.all([sha256(bytes), isPicture ? readPosition() : null, store.getAllFromIndex("shots", "visit", job.visit.id)]);
  const shot: Shot = {
    id: crypto.randomUUID(), visit: job.visit.id, kind, name: file.name || `${kind}.jpg`, type: file.type || "application/octet-stream",
    size: bytes.byteLength, sha256: hash, takenAt: Date.now(), lon: place?.longitude ?? null, lat: place?.latitude ?? null,
    accuracy_m: place?.accuracy ?? null, mediaId: "",
  };
  await keepShot(store, shot, bytes, {
    key: shot.id, kind: "shot", visit: shot.visit, caseCode: job.case.code, body: {}, madeAt: shot.takenAt, state: "waiting", tries: 0, fault: null,
  });
  if (!isPicture) return "kept";
  if (!KNOWN_TYPES.has(file.type)) return "not_a_picture";
  if (!place) return "no_position";
  if (hasJumped(before.at(-1), shot)) return "jumped";
  return isFar(job, place) ? "far_away" : "kept";
}

/** Nobody moves as fast as between these two shots: a position was made up or badly wrong. Both are kept as they were given. */
export function hasJumped(before: Shot | undefined, now: Shot): boolean {
  if (before?.lon == null || before.lat == null || now.lon === null || now.lat === null) return false;
  const seconds = Math.max(1, Math.abs(now.takenAt - before.takenAt) / 1000);
  return metresBetween(before.lon, before.lat, now.lon, now.lat) > FASTEST_M_S * seconds + (before.accuracy_m ?? 0) + (now.accuracy_m ?? 0);
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
  return metresBetween(job.case.lon, job.case.lat, place.longitude, place.latitude) > FAR_M + place.accuracy;
}

function metresBetween(lon: number, lat: number, otherLon: number, otherLat: number): number {
  const radians = Math.PI / 180;
  const east = (otherLon - lon) * radians * Math.cos(lat * radians);
  return 6_371_000 * Math.hypot(east, (otherLat - lat) * radians);
}
