// The words of the leader's days, fetched with their code and not before.
import { session } from "../session.svelte";
import { days as en } from "../words/en/days";
import { days as vi } from "../words/vi/days";

/** In the language of the moment; read inside `$derived`. */
export function daysWords(): typeof en {
  return session.language === "en" ? en : vi;
}
