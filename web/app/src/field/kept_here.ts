// What this device holds of somebody's shift, for those who must not open it to know.

/** A person's shift lies in a database of this name and theirs. */
export const STORE_PREFIX = "viahe-field-";

/** Whether this device holds a shift of this person, sent or not. */
export async function holdsShift(username: string): Promise<boolean> {
  const all = (await globalThis.indexedDB?.databases?.()) ?? [];
  return all.some(({ name }) => name === STORE_PREFIX + username);
}

const LONGEST_UNTIL_MS = 5_000;

/** Until it is so, or a device that never gets there has been waited for long enough. */
export async function until(isSo: () => boolean): Promise<void> {
  const ends = performance.now() + LONGEST_UNTIL_MS;
  while (!isSo() && performance.now() < ends) await new Promise((done) => setTimeout(done, 50));
}
