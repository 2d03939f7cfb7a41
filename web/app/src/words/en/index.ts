// All words of the application in English; the type of this object is the form that every other language must fill.
import { map } from "./map";
import { faults, shell } from "./shell";

export const en = { shell, faults, map };
export type Words = typeof en;
