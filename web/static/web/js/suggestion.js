// What the machine saw in the photo, shown beside the kinds as soon as it has looked. It chooses nothing: the sender touches.

const EVERY_MS = 900;
const LOOKS = 14;

export async function suggest(place, hint) {
  const kinds = place.querySelector(".kinds");
  if (!kinds || kinds.dataset.seen || !kinds.dataset.suggestion) return;
  for (let look = 0; look < LOOKS && kinds.isConnected; look += 1) {
    await new Promise((done) => setTimeout(done, EVERY_MS));
    const answer = await fetch(kinds.dataset.suggestion).catch(() => null);
    if (!answer || answer.status === 204) continue;
    if (answer.ok) show(kinds, await answer.json(), hint);
    return;
  }
}

function show(kinds, { category, words }, hint) {
  const choice = kinds.querySelector(`input[value="${CSS.escape(category)}"]`)?.closest("label");
  if (!category || !choice) return;
  kinds.dataset.seen = category;
  const mark = document.createElement("small");
  mark.textContent = kinds.dataset.machine;
  choice.querySelector("span").append(" ", mark);
  const first = kinds.querySelector(".choices label");
  if (!kinds.contains(document.activeElement)) first.after(choice); // never moved under a finger or the keyboard
  kinds.querySelector(".seen-line").textContent = [words, hint].filter(Boolean).join(" ");
}
