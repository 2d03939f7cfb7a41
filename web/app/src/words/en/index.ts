// All words of the application in English; the type of this object is the form that every other language must fill.
import { here, map } from "./map";
import { review } from "./review";
import { faults, shell } from "./shell";

export const en = { shell, faults, map, here, review };
export type Words = typeof en;
