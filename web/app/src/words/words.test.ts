import { describe, expect, it } from "vitest";
import { en as main_en } from "./en";
import { caseFile as file_en } from "./en/caseFile";
import { field as field_en } from "./en/field";
import { days as days_en } from "./en/days";
import { operator as operator_en } from "./en/operator";
import { planner as planner_en } from "./en/planner";
import { registers as registers_en } from "./en/registers";
import { vi as main_vi } from "./vi";
import { caseFile as file_vi } from "./vi/caseFile";
import { field as field_vi } from "./vi/field";
import { days as days_vi } from "./vi/days";
import { operator as operator_vi } from "./vi/operator";
import { planner as planner_vi } from "./vi/planner";
import { registers as registers_vi } from "./vi/registers";

const en = { ...main_en, field: field_en, operator: operator_en, days: days_en, planner: planner_en, registers: registers_en, caseFile: file_en };
const vi = { ...main_vi, field: field_vi, operator: operator_vi, days: days_vi, planner: planner_vi, registers: registers_vi, caseFile: file_vi };

type Leaf = [string, unknown];

function leaves(value: unknown, path = ""): Leaf[] {
  if (value === null || typeof value !== "object") return [[path, value]];
  return Object.entries(value).flatMap(([name, inner]) => leaves(inner, path ? `${path}.${name}` : name));
}

// Words that are the same in both languages on purpose: names, codes, units.
const SAME = new Set(["shell.product"]);

describe("the words", () => {
  it("exist in both languages under the same names", () => {
    expect(leaves(vi).map(([path]) => path).sort()).toEqual(leaves(en).map(([path]) => path).sort());
  });

  it("are none of them empty or left in English", () => {
    const english = new Map(leaves(en));
    const faulty = leaves(vi).filter(([path, said]) => typeof said === "string" && (!said.trim() || (said === english.get(path) && !SAME.has(path))));
    expect(faulty).toEqual([]);
  });
});
