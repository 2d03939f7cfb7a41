// The keyboard of the review queue. Every key presses a button or follows a link that is on the page anyway.

const decide = document.getElementById("decide");
const help = document.getElementById("help");
const chosen = document.querySelector(".list li.on");

chosen?.scrollIntoView({ block: "nearest" });
decide?.addEventListener("submit", () => {
  // a second key press must not decide a second flag
  setTimeout(() => {
    for (const button of decide.querySelectorAll("button")) button.disabled = true;
  });
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  const act = KEYS[event.key.toLowerCase()] ?? (/^[1-7]$/.test(event.key) ? () => dismiss(Number(event.key)) : null);
  if (!act) return;
  event.preventDefault();
  act();
});

const KEYS = {
  j: () => follow(chosen?.nextElementSibling),
  k: () => follow(chosen?.previousElementSibling),
  a: () => press("accept"),
  n: () => press("accept_new"),
  z: () => document.querySelector('[name=decision][value="undo"]')?.click(),
  b: () => document.querySelector(".ev")?.classList.toggle("bare"),
  "?": () => (help.open ? help.close() : help.showModal()),
};

function isTyping(target) {
  return target.closest("input:not([type=radio]):not([type=checkbox]), textarea, select") !== null;
}

function follow(item) {
  item?.querySelector("a")?.click();
}

function press(decision) {
  decide?.querySelector(`[value="${decision}"]`)?.click();
}

function dismiss(number) {
  decide?.querySelectorAll(".rs button")[number - 1]?.click();
}
