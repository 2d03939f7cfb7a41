// The planner's page: builds the question, sends it to the interface, shows rows and outlines. All words come from the page.
import { makeMap } from "./map.js";
import { askFor, fetchFile } from "./asking.js";

const config = JSON.parse(document.getElementById("planner-config").textContent);
const w = config.words;
const byId = (id) => document.getElementById(id);
const what = byId("what");
let area = null;
let lastQuestion = null;

const map = makeMap(byId("map"), config, {
  onArea: (drawn) => setArea(drawn),
  onPick: (index) => pickRow(index),
});

function setArea(drawn) {
  area = drawn;
  byId("area-state").textContent = drawn ? w.drawn : w.no_area;
  byId("clear").hidden = !drawn;
  map.then((one) => one?.showArea(drawn));
}

function showBlanks() {
  const [kind, name] = what.value.split(":");
  const box = byId("blanks");
  box.replaceChildren();
  byId("filter-part").hidden = kind !== "layer";
  if (kind === "layer") {
    byId("filter-hint").textContent = `${w.properties}: ${Object.keys(config.layers[name]).join(", ")}, geometry`;
    return;
  }
  for (const [blank, [type, preset]] of Object.entries(config.questions[name])) {
    const part = Object.assign(document.createElement("div"), { className: "f" });
    const label = Object.assign(document.createElement("label"), { htmlFor: `blank-${blank}`, textContent: w[`blank_${blank}`] || blank });
    const input = Object.assign(document.createElement("input"), {
      className: "input", id: `blank-${blank}`, name: blank, value: preset,
      type: type === "day" ? "date" : type === "number" ? "number" : "text", step: "any",
    });
    part.append(label, input);
    box.append(part);
  }
}

function readQuestion() {
  const [kind, name] = what.value.split(":");
  const question = { city: config.city, on: byId("on").value || undefined, area: area || undefined, [kind]: name };
  if (kind === "layer") question.filter = byId("filter").value.trim() || undefined;
  else question.blanks = Object.fromEntries([...byId("blanks").querySelectorAll("input")].map((input) => [input.name, input.value]));
  return question;
}

async function ask(event) {
  event.preventDefault();
  const fault = byId("fault");
  fault.hidden = true;
  byId("go").disabled = true;
  byId("count").textContent = w.asking;
  try {
    lastQuestion = readQuestion();
    show(await askFor(lastQuestion, config.language));
  } catch (error) {
    byId("count").textContent = "";
    fault.textContent = error.message || w.failed;
    fault.hidden = false;
    fault.scrollIntoView({ block: "nearest" });
  } finally {
    byId("go").disabled = false;
  }
}

function show(answer) {
  const number = new Intl.NumberFormat(config.locale, { maximumFractionDigits: 2 });
  byId("count").textContent = answer.total ? `${number.format(answer.total)} ${w.rows}` : answer.has_data ? w.nothing : "";
  byId("sums").textContent = Object.entries(answer.sums).map(([name, sum]) => `${name}: ${number.format(sum)}`).join(" · ");
  byId("notes").replaceChildren(...answer.notes.map((note) => Object.assign(document.createElement("p"), { className: "note info", textContent: note })));
  byId("rows").replaceChildren(makeHead(answer.columns), makeBody(answer, number));
  byId("files").hidden = !answer.total;
  byId("file-notes").textContent = "";
  map.then((one) => one?.showRows(answer.features));
  byId("rows").dataset.ready = "yes";
}

function makeHead(columns) {
  const head = document.createElement("thead");
  const row = head.insertRow();
  for (const column of columns) {
    row.append(Object.assign(document.createElement("th"), { textContent: column.name, className: column.kind === "number" ? "n" : "", scope: "col" }));
  }
  return head;
}

function makeBody(answer, number) {
  const body = document.createElement("tbody");
  answer.features.forEach((feature, index) => {
    const row = body.insertRow();
    row.tabIndex = 0;
    for (const { name, kind } of answer.columns) {
      const value = feature.properties[name];
      const cell = row.insertCell();
      cell.textContent = value === null ? "" : kind === "number" ? number.format(value) : String(value);
      if (kind === "number") cell.className = "n";
    }
    const pick = () => { pickRow(index); map.then((one) => one?.goTo(feature.geometry)); };
    row.addEventListener("click", pick);
    row.addEventListener("keydown", (event) => event.key === "Enter" && pick());
  });
  return body;
}

function pickRow(index) {
  const rows = byId("rows").tBodies[0]?.rows ?? [];
  for (const row of rows) row.classList.remove("on");
  rows[index]?.classList.add("on");
  rows[index]?.scrollIntoView({ block: "nearest" });
}

byId("files").addEventListener("click", async (event) => {
  const form = event.target.dataset?.form;
  if (!form || !lastQuestion) return;
  const notes = byId("file-notes");
  notes.textContent = w.writing;
  try {
    notes.textContent = await fetchFile({ ...lastQuestion, format: form, crs: byId("crs").value }, config.language);
  } catch (error) {
    notes.textContent = error.message || w.failed;
  }
});
byId("draw").addEventListener("click", () => {
  byId("area-state").textContent = w.drawing;
  map.then((one) => one?.startDrawing());
});
byId("clear").addEventListener("click", () => setArea(null));
byId("upload").addEventListener("change", async (event) => {
  const [file] = event.target.files;
  if (!file) return;
  try {
    setArea(JSON.parse(await file.text()));
  } catch {
    byId("fault").textContent = w.bad_file;
    byId("fault").hidden = false;
  }
  event.target.value = "";
});
what.addEventListener("change", showBlanks);
byId("ask").addEventListener("submit", ask);
showBlanks();
