import type { Words } from "../en";
import { map } from "./map";
import { faults, shell } from "./shell";

export const vi: Words = { shell, faults, map };
