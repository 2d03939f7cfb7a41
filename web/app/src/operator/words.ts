// The words of the operator's pages, fetched with their code and not before.
import { session } from "../session.svelte";
import { operator as en } from "../words/en/operator";
import { operator as vi } from "../words/vi/operator";

/** In the language of the moment; read inside `$derived`. */
export function operatorWords(): typeof en {
  return session.language === "en" ? en : vi;
}
