// All words of the application in English; the type of this object is the form that every other language must fill.
import { cases } from "./cases";
import { figures } from "./figures";
import { here, map } from "./map";
import { review } from "./review";
import { faults, shell } from "./shell";

export const en = { shell, faults, map, here, review, cases, figures };
export type Words = typeof en;
