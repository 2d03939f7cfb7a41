// Waits with the reader: asks whether the pipeline rests and then shows the page anew; copies the link.

const working = document.getElementById("working");
const copy = document.getElementById("copy");
const FIRST_MS = 700;
const LONGEST_MS = 6000;

if (working) ask(FIRST_MS);
if (copy && navigator.clipboard) {
  copy.hidden = false;
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById("link").value);
    copy.textContent = copy.dataset.done;
  });
}

async function ask(pauseMs) {
  await new Promise((resolve) => setTimeout(resolve, pauseMs));
  try {
    const answer = await fetch(working.dataset.url, { headers: { Accept: "application/json" } });
    if (answer.ok && !(await answer.json()).processing) {
      window.location.reload();
      return;
    }
  } catch {
    // no network just now: asked again below
  }
  ask(Math.min(pauseMs * 1.3, LONGEST_MS));
}
