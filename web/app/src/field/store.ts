// The one door to the phone's own database. One database per person, so that two who share a phone never mix.
import { openDB, type DBSchema, type IDBPDatabase } from "idb";
import { STORE_PREFIX } from "./kept_here";
import type { Draft, Outgoing, Shot } from "./values";
import type { Day } from "./day";

interface FieldSchema extends DBSchema {
  days: { key: string; value: { day: Day; hadAt: number; etag: string } };
  drafts: { key: string; value: Draft };
  shots: { key: string; value: Shot; indexes: { visit: string } };
  bytes: { key: string; value: ArrayBuffer };
  outbox: { key: string; value: Outgoing; indexes: { number: number } };
  notes: { key: string; value: unknown };
}

export type FieldStore = IDBPDatabase<FieldSchema>;

export function openStore(username: string): Promise<FieldStore> {
  return openDB<FieldSchema>(STORE_PREFIX + username, 1, {
    upgrade(database) {
      database.createObjectStore("days");
      database.createObjectStore("drafts", { keyPath: "visit" });
      database.createObjectStore("shots", { keyPath: "id" }).createIndex("visit", "visit");
      database.createObjectStore("bytes");
      database.createObjectStore("outbox", { keyPath: "key" }).createIndex("number", "number");
      database.createObjectStore("notes");
    },
    terminated() {
      location.reload(); // the browser closed the database under us: what was saved is in it, start again from there
    },
  });
}

/** Adds to the outbox with the next number, in one transaction with whatever else belongs to the same touch. */
export async function enqueue(store: FieldStore, item: Omit<Outgoing, "number">, drop?: { draft: string }): Promise<Outgoing> {
  const work = store.transaction(["outbox", "drafts"], "readwrite", { durability: "strict" });
  const last = await work.objectStore("outbox").index("number").openCursor(null, "prev");
  const whole = { ...item, number: (last?.value.number ?? 0) + 1 };
  await work.objectStore("outbox").put(whole);
  if (drop) await work.objectStore("drafts").delete(drop.draft);
  await work.done;
  return whole;
}

/** A shot, its original bytes and its place in the outbox: all three or none. */
export async function keepShot(store: FieldStore, shot: Shot, bytes: ArrayBuffer, item: Omit<Outgoing, "number">): Promise<void> {
  const work = store.transaction(["shots", "bytes", "outbox"], "readwrite", { durability: "strict" });
  const last = await work.objectStore("outbox").index("number").openCursor(null, "prev");
  await Promise.all([
    work.objectStore("shots").put(shot),
    work.objectStore("bytes").put(bytes, shot.id),
    work.objectStore("outbox").put({ ...item, number: (last?.value.number ?? 0) + 1 }),
    work.done,
  ]);
}

/** A shot that was taken by mistake and has not been sent: gone with its bytes. */
export async function dropShot(store: FieldStore, id: string): Promise<void> {
  const work = store.transaction(["shots", "bytes", "outbox"], "readwrite");
  await Promise.all([work.objectStore("shots").delete(id), work.objectStore("bytes").delete(id), work.objectStore("outbox").delete(id), work.done]);
}

/** Removes everything of a person from this phone; for signing out. */
export async function wipe(username: string): Promise<void> {
  await new Promise<void>((done) => {
    const asked = indexedDB.deleteDatabase(STORE_PREFIX + username);
    asked.onsuccess = asked.onerror = asked.onblocked = () => done();
  });
}
