// The words of the registers' view, fetched with its code and not before: the map must not wait for them.
import { session } from "../session.svelte";
import { registers as en } from "../words/en/registers";
import { registers as vi } from "../words/vi/registers";

/** In the language of the moment; read inside `$derived`. */
export function registerWords(): typeof en {
  return session.language === "en" ? en : vi;
}
