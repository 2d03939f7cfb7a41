// The words of the cameras' view, fetched with its code and not before.
import { session } from "../../session.svelte";
import { cameras as en } from "../../words/en/cameras";
import { cameras as vi } from "../../words/vi/cameras";

/** In the language of the moment; read inside `$derived`. */
export function cameraWords(): typeof en {
  return session.language === "en" ? en : vi;
}
