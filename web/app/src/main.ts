// The entry: styles, router, and the application into the page that the server sent.
import "../../static/web/tokens.css";
import "./app.css";
import { mount } from "svelte";
import App from "./App.svelte";
import { hurryMap } from "./map/early";
import { offline } from "./offline.svelte";
import { router } from "./router.svelte";
import { session } from "./session.svelte";
import { hurry } from "./shell/hurry.svelte";
import { warmView } from "./shell/views";

router.start();
session.ask();
if (router.place.view === "map") hurryMap();
warmView(router.place.view);
const target = document.getElementById("app");
// Without words nothing can be said from here: the page itself says what is wrong.
const canSpeak = await session.readWords().then(() => true, (reason: unknown) => { void globalThis.askNewer?.(reason); return false; });
if (target && canSpeak) {
  target.replaceChildren();
  mount(App, { target });
}
void hurry.over.then(() => offline.start());
