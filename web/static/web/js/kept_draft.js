// A report that is not sent yet, kept in this browser alone (IndexedDB): photos and fields survive a killed browser and a dead
// network. It is sent once, by its key, and erased as soon as the server has it; a button erases it at any time.

const NAME = "viahe-report";
const STORE = "draft";
const ONLY = "only";
const SAME_DEG = 5e-7;
const FORGET_UNSENT_MS = 48 * 3600 * 1000;

function open() {
  return new Promise((done, fail) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE);
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => fail(asked.error);
  });
}

async function inStore(mode, act) {
  const base = await open();
  try {
    return await new Promise((done, fail) => {
      const turn = base.transaction(STORE, mode);
      const asked = act(turn.objectStore(STORE));
      turn.oncomplete = () => done(asked.result);
      turn.onerror = turn.onabort = () => fail(turn.error);
    });
  } finally {
    base.close();
  }
}

// The report at hand, or null; never an exception: without storage (private mode, full disk) the page works as before.
export async function read() {
  const draft = (await inStore("readonly", (store) => store.get(ONLY)).catch(() => null)) ?? null;
  if (draft && Date.now() - draft.at > FORGET_UNSENT_MS) {
    await discard(draft);
    return null;
  }
  return draft;
}

// Reports whose sender has pressed "send" and that wait for the network, oldest first.
export async function listWaiting() {
  const all = (await inStore("readonly", (store) => store.getAll()).catch(() => [])) ?? [];
  return all.filter((draft) => draft.isWanted).sort((one, other) => one.at - other.at);
}

export async function keepFiles(files) {
  const kept = await Promise.all([...files].map(asKept));
  return write({ key: crypto.randomUUID(), at: Date.now(), files: kept, track: null, fields: [], isWanted: false, refused: "" });
}

async function asKept(file) {
  return { name: file.name, type: file.type, bytes: await file.arrayBuffer() };
}

// Fields as pairs of name and text, and the recorded track; what the server itself put into the form is not kept.
export async function keepFields(form) {
  const draft = await read();
  if (!draft) return null;
  const left = /^(csrfmiddlewaretoken|frame_|key$|media$|touch|do$|joins$)/;
  draft.fields = [...new FormData(form)].filter(([name, value]) => typeof value === "string" && value && !left.test(name));
  const chooser = form.querySelector("[name=track]");
  if (chooser?.files.length) draft.track = await asKept(chooser.files[0]);
  else if (chooser?.closest(".without-network")) draft.track = null;
  return write(draft);
}

// From now on it goes out by itself.
export async function want() {
  const draft = await read();
  if (!draft) return null;
  const wanted = await write({ ...draft, isWanted: true, refused: "" });
  if (wanted) await inStore("readwrite", (store) => store.delete(ONLY));
  return wanted;
}

// Back into the sender's hands, to mend or to go on with.
export async function takeBack(draft) {
  await discard(draft);
  return write({ ...draft, isWanted: false, refused: "" });
}

export async function discard(draft) {
  await inStore("readwrite", (store) => store.delete(draft?.isWanted ? draft.key : ONLY)).catch(() => undefined);
}

export function filesOf(draft) {
  return draft.files.map(asFile);
}

function asFile(one) {
  return new File([one.bytes], one.name, { type: one.type });
}

// Writes the kept fields and the track back into the form, where it has them.
export function fill(form, draft) {
  for (const [name, value] of draft.fields) {
    for (const field of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
      if (field.type === "radio" || field.type === "checkbox") field.checked = field.checked || field.value === value;
      else if (field.type !== "hidden" && field.type !== "file" && !["lon", "lat"].includes(name)) field.value = value;
    }
  }
  const chooser = form.querySelector("[name=track]");
  if (!chooser || !draft.track) return;
  const files = new DataTransfer();
  files.items.add(asFile(draft.track));
  chooser.files = files.files;
  chooser.closest("details").open = true;
}

// Sends one, by its key, so that twice is once. Answers {sent: link}, {refused: words} or {} when there is no network.
export async function send(draft, token) {
  const headers = { "Idempotency-Key": draft.key, "X-CSRFToken": token, "Accept-Language": document.documentElement.lang, Accept: "application/json" };
  const answer = await fetch("/api/v1/reports", { method: "POST", body: bodyOf(draft), headers }).catch(() => null);
  if (!answer || answer.status >= 500 || answer.status === 429) return {};
  const said = await answer.json().catch(() => ({}));
  if (answer.status === 201) {
    await discard(draft);
    return { sent: `/follow/${said.code}/?${new URLSearchParams({ s: said.secret, sent: "1" })}` };
  }
  const fault = said.errors?.[0];
  const refused = fault ? `${fault.message} ${fault.cure}` : String(answer.status);
  await write({ ...draft, refused });
  return { refused };
}

function bodyOf(draft) {
  const body = new FormData();
  for (const file of filesOf(draft)) body.append("media", file);
  const fields = Object.fromEntries(draft.fields);
  const isPlacedBefore = fields.track_accuracy_m && !draft.track; // the server read the track and kept it: its place goes as a pin
  const category = fields.category || "unstated";
  body.append("category", category);
  for (const name of ["description", "contact", "with_route"]) if (fields[name]) body.append(name, fields[name]);
  if (draft.track) body.append("track", asFile(draft.track));
  if (isMoved(fields) || isPlacedBefore) for (const name of ["lon", "lat"]) if (fields[name]) body.append(name, fields[name]);
  const accuracy = fields.pin_accuracy_m || (isPlacedBefore && fields.track_accuracy_m);
  if (accuracy) body.append("accuracy_m", accuracy);
  const begins = `q-${category}-`;
  const answers = draft.fields.filter(([name]) => name.startsWith(begins)).map(([name, value]) => [name.slice(begins.length), value]);
  if (answers.length) body.append("answers", JSON.stringify(Object.fromEntries(answers)));
  return body;
}

// Whether the place is the sender's own: the file's fix, unchanged, is read from the file by the server.
function isMoved({ lon, lat, file_lon: fileLon, file_lat: fileLat }) {
  return Boolean(lon && lat) && !(Math.abs(lon - fileLon) < SAME_DEG && Math.abs(lat - fileLat) < SAME_DEG);
}

async function write(draft) {
  try {
    await inStore("readwrite", (store) => store.put(draft, draft.isWanted ? draft.key : ONLY));
    return draft;
  } catch {
    return null;
  }
}
