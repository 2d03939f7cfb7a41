// What the server said last of the few things that the service worker keeps: who is signed in, and the words of codes.

/** The cache in which the service worker keeps them; emptied when somebody signs out. */
export const LAST_KNOWN = "viahe-last-known";

/**
 * Where this browser's CSRF token is kept beside them. The server gives a new one whenever somebody signs in: while it is the
 * same, so is the person. Forgotten when somebody signs out.
 */
export const SIGN_IN_KEY = "viahe-sign-in";

/** The kept answer of an address, or null where nobody is signed in on this device or nothing was kept. */
export async function readLastKnown(path: string): Promise<unknown> {
  if (!("caches" in globalThis)) return null;
  const kept = await (await caches.open(LAST_KNOWN)).match(path, { ignoreVary: true });
  return kept?.ok ? kept.json() : null;
}
