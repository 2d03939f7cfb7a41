// The words of the shift, fetched with its code and not before: the map must not wait for them.
import { session } from "../session.svelte";
import { field as en } from "../words/en/field";
import { field as vi } from "../words/vi/field";

/** In the language of the moment; read inside `$derived`. */
export function fieldWords(): typeof en {
  return session.language === "en" ? en : vi;
}
