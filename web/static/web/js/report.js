// The report page with more comfort: the photo is seen at once, its place is read by the server while one looks, and
// the map can be dragged. Without this module the same form works in two steps.

import * as kept from "./kept_draft.js";
import { suggest } from "./suggestion.js";

const form = document.getElementById("report");
const input = document.getElementById("media");
const place = document.getElementById("place");
const fault = document.getElementById("fault");
const go = document.getElementById("go");
let reading = null;

document.documentElement.classList.add("js");
if (input) {
  if (!place.querySelector("section")) go.closest(".thumb").hidden = !input.files.length;
  input.addEventListener("change", choose);
}
form.addEventListener("submit", submit);
form.addEventListener("pin", sayPlace);
form.addEventListener("change", (event) => { if (event.target !== input) remember(); });
addEventListener("online", () => void sendWaiting());
document.addEventListener("visibilitychange", remember);
prepareMap();
if (input) void begin();
navigator.serviceWorker?.register("/report/sw.js").catch(() => undefined);

function remember() {
  if (form.classList.contains("chosen")) void kept.keepFields(form);
}

// What was kept here before: what waits for the network goes out by itself, the rest waits for a touch.
async function begin() {
  if (!(await sendWaiting())) showStrip((await kept.listWaiting())[0] ?? (await kept.read()));
}

// Sends all that waits, one after the other, from one tab alone. One opens its page; of several the links are shown to be kept.
async function sendWaiting() {
  if (!navigator.onLine) return false;
  const turn = async () => {
    const links = [];
    for (const draft of await kept.listWaiting()) {
      const { sent, refused } = await kept.send(draft, form.querySelector("[name=csrfmiddlewaretoken]").value);
      if (sent) links.push(sent);
      if (refused) showStrip({ ...draft, refused });
    }
    if (links.length === 1 && !form.classList.contains("chosen")) location.assign(links[0]);
    else for (const link of links) fault.append(noteSent(link));
    return links.length > 0;
  };
  return navigator.locks ? navigator.locks.request("viahe-report", { ifAvailable: true }, (mine) => (mine ? turn() : false)) : turn();
}

// The strip that says what is on this phone only, since when, and the two ways on.
function showStrip(draft) {
  const strip = document.getElementById("kept");
  if (!strip || !draft) return;
  strip.hidden = false;
  const at = new Date(draft.at).toLocaleString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", day: "2-digit", month: "2-digit" });
  const words = draft.isWanted && !draft.refused ? strip.dataset.wanted : strip.dataset.kept;
  strip.querySelector(".kept-words").textContent = [words.replace("{at}", at).replace("{n}", draft.files.length), draft.refused].filter(Boolean).join(" ");
  strip.querySelector("[value=resume]").onclick = () => void resume(draft);
  strip.querySelector("[value=discard]").onclick = async () => {
    await kept.discard(draft);
    if (form.classList.contains("chosen")) location.assign("/report/");
    strip.hidden = true;
    fault.replaceChildren();
  };
}

async function resume(draft) {
  const mine = await kept.takeBack(draft);
  const files = new DataTransfer();
  for (const file of kept.filesOf(draft)) files.items.add(file);
  input.name = "media";
  input.files = files.files;
  await choose(null, mine);
}

async function choose(_event, draft = null) {
  if (!input.files.length) return;
  document.getElementById("kept").hidden = true;
  showFiles(input.files);
  const now = draft ?? (await kept.keepFiles(input.files));
  fault.replaceChildren();
  form.classList.add("chosen");
  document.querySelector("main").classList.add("has-place");
  place.innerHTML = '<div class="reading" role="status"><i></i><i></i></div>';
  place.firstChild.setAttribute("aria-label", form.dataset.reading);
  go.closest(".thumb").hidden = false;
  setGo(form.dataset.reading, true);
  const body = new FormData();
  for (const file of input.files) body.append("media", file);
  reading?.abort();
  reading = new AbortController();
  try {
    const answer = await ask("/report/", body, reading.signal);
    if (answer.status >= 500) throw new Error("silent");
    if (!answer.ok) {
      await kept.discard(); // no photo that could ever be sent
      return refuse(await answer.text());
    }
    takePlace(await answer.text(), answer.headers.get("X-Confirm"), now);
  } catch (error) {
    if (error.name === "AbortError") return;
    if (now) goOnWithoutNetwork(now);
    else refuse(note(form.dataset.offline));
  }
}

// No network: kind and words can be given all the same; place and time are read from the photo when it is sent.
function goOnWithoutNetwork(draft) {
  place.replaceChildren(document.getElementById("without-network").content.cloneNode(true));
  kept.fill(form, draft);
  setGo(form.dataset.later, false);
}

function takePlace(html, confirm, draft = null) {
  const typed = draft ?? null;
  place.innerHTML = html;
  if (typed) kept.fill(form, typed);
  if (confirm) {
    form.action = confirm;
    input?.removeAttribute("name"); // the server holds the file already: it is not sent a second time
  }
  setGo(form.dataset.send, false);
  for (const figure of form.querySelectorAll(".preview figure.undrawn")) drawFromServer(figure);
  prepareMap();
  void suggest(place, form.dataset.touch);
}

// What this browser cannot draw (HEIC), the server holds by now and can.
function drawFromServer(figure) {
  const picture = document.createElement("img");
  picture.alt = figure.textContent;
  picture.src = `${new URL(form.action).pathname}picture/${figure.dataset.number}/`;
  picture.addEventListener("load", () => figure.replaceChildren(picture));
  figure.classList.remove("undrawn");
}

function refuse(html) {
  fault.innerHTML = html;
  place.replaceChildren();
  go.closest(".thumb").hidden = true;
  fault.scrollIntoView({ block: "center" });
}

async function submit(event) {
  const button = event.submitter;
  const isPlaced = place.querySelector("section");
  if (!isPlaced) return;
  event.preventDefault();
  if (place.querySelector(".without-network")) return wait();
  const draft = await kept.keepFields(form);
  const body = new FormData(form, button?.type === "image" ? undefined : button);
  if (button?.type === "image") {
    body.append(`${button.name}.x`, button.dataset.x ?? "0");
    body.append(`${button.name}.y`, button.dataset.y ?? "0");
  }
  if (draft) body.set("key", draft.key);
  const isSending = !button || button === go || button.name === "joins";
  if (isSending) setGo(form.dataset.sending, true);
  try {
    const answer = await ask(form.action, body);
    if (answer.status === 201) {
      await kept.discard();
      window.location.assign(answer.headers.get("Location"));
      return;
    }
    takePlace(await answer.text(), answer.headers.get("X-Confirm"));
    if (isSending) place.querySelector(".wrong, .note")?.scrollIntoView({ block: "center" });
  } catch {
    setGo(form.dataset.send, false);
    if (isSending && draft && !body.get("joins")) return wait();
    fault.innerHTML = note(form.dataset.offline);
    fault.scrollIntoView({ block: "center" });
  }
}

// The sender has pressed "send": it goes out by itself once there is a network, also after the browser was closed.
async function wait() {
  await kept.keepFields(form);
  const draft = await kept.want();
  form.classList.remove("chosen");
  if (await sendWaiting()) return;
  setGo(form.dataset.waiting, true);
  showStrip(draft);
  document.getElementById("kept")?.scrollIntoView({ block: "center" });
}

// The pin was dragged on the living map: only the words change, the map stays.
async function sayPlace() {
  const body = new FormData(form);
  body.set("do", "move");
  const answer = await ask(form.action, body).catch(() => null);
  if (!answer) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  place.querySelector(".said").replaceWith(fresh.querySelector(".said"));
  for (const old of place.querySelectorAll(".already")) old.remove();
  for (const found of fresh.querySelectorAll(".already")) place.querySelector(".kinds").before(found);
}

function ask(url, body, signal) {
  const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
  return fetch(url, { method: "POST", body, signal, headers: { "X-CSRFToken": token, "X-Fragment": "place" } });
}

function showFiles(files) {
  const box = document.getElementById("preview") ?? form.querySelector(".preview");
  box.replaceChildren();
  box.hidden = false;
  form.querySelector(".shoot").classList.add("taken");
  document.getElementById("way")?.remove();
  const words = form.querySelector(".take b");
  words.textContent = words.dataset.again;
  for (const [number, file] of [...files].entries()) {
    const figure = document.createElement("figure");
    figure.dataset.number = number;
    const url = URL.createObjectURL(file);
    const picture = document.createElement(file.type.startsWith("video/") ? "video" : "img");
    picture.src = url;
    if (picture.tagName === "VIDEO") {
      picture.muted = true;
      picture.controls = true;
    } else {
      picture.alt = file.name;
      picture.addEventListener("error", () => name(figure, file.name)); // HEIC is not drawn by every browser
    }
    figure.append(picture);
    box.append(figure);
  }
}

function name(figure, text) {
  const line = document.createElement("p");
  line.className = "named";
  line.textContent = text;
  figure.replaceChildren(line);
  figure.classList.add("undrawn");
  if (form.action.endsWith("/report/")) return;
  drawFromServer(figure);
}

function noteSent(link) {
  const line = document.createElement("p");
  line.className = "note success";
  const way = document.createElement("a");
  way.href = link;
  way.textContent = link.split("/")[2];
  line.append(form.dataset.sent, " ", way);
  return line;
}

function note(text) {
  const line = document.createElement("p");
  line.className = "note error";
  line.textContent = text;
  return line.outerHTML;
}

function setGo(text, isBusy) {
  go.querySelector("span").textContent = text;
  go.querySelector("svg")?.remove();
  go.disabled = isBusy;
}

// The place of a touch on the drawn map: image buttons hand it in by themselves only on a plain submit.
document.addEventListener(
  "click",
  (event) => {
    const button = event.target.closest?.(".touch");
    if (!button) return;
    const box = button.getBoundingClientRect();
    button.dataset.x = Math.round(event.clientX - box.left);
    button.dataset.y = Math.round(event.clientY - box.top);
  },
  true,
);

async function prepareMap() {
  const box = document.getElementById("touch-map");
  if (!box) return;
  try {
    const { placeIsland } = await import("./place_map.js");
    await placeIsland(box, form);
  } catch (error) {
    box.dataset.island = "none"; // no WebGL, no style, no library: the drawn map stays and can be touched
  }
}
