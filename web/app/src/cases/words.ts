// The words of a case's file, fetched with its code and not before: the map must not wait for them.
import { session } from "../session.svelte";
import { caseFile as en } from "../words/en/caseFile";
import { caseFile as vi } from "../words/vi/caseFile";

/** In the language of the moment; read inside `$derived`. */
export function fileWords(): typeof en {
  return session.language === "en" ? en : vi;
}
