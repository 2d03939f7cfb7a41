// Work that a press sets off but must not wait for: a drawn map takes longer than a button may take to show that it was pressed.

/** Runs `work` once the browser has drawn what is on the page now; the returned function takes it back. */
export function afterPaint(work: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const frame = requestAnimationFrame(() => (timer = setTimeout(work)));
  return () => { cancelAnimationFrame(frame); clearTimeout(timer); };
}

/** When what is on the page now was drawn, by the map's own hand too. */
export const painted = (): Promise<void> => new Promise((done) => void afterPaint(done));

const LONGEST_MS = 1_500;

/** Runs `work` when nothing else is to be done, at the latest after a while; the returned function takes it back. */
export function whenIdle(work: () => void): () => void {
  if (!("requestIdleCallback" in globalThis)) { // Safari
    const timer = setTimeout(work, 200);
    return () => clearTimeout(timer);
  }
  const asked = requestIdleCallback(work, { timeout: LONGEST_MS });
  return () => cancelIdleCallback(asked);
}
