import type { Words } from "../en";
import { cases } from "./cases";
import { figures } from "./figures";
import { here, map } from "./map";
import { review } from "./review";
import { faults, shell } from "./shell";

export const vi: Words = { shell, faults, map, here, review, cases, figures };
