import { describe, expect, it } from "vitest";
import { en } from "./en";
import { vi } from "./vi";

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
