// The words of the planner's view, fetched with its code and not before: the map must not wait for them.
import { session } from "../session.svelte";
import { planner as en } from "../words/en/planner";
import { planner as vi } from "../words/vi/planner";

/** In the language of the moment; read inside `$derived`. */
export function plannerWords(): typeof en {
  return session.language === "en" ? en : vi;
}
