// What a person says of a box, in the form the interface takes. Pure.

export type Said = { kind: "right" } | { kind: "wrong" } | { kind: "changed"; label: string };

const LEAST_PX = 4;

export function sayCorrection(index: number, said: Said): Record<string, unknown> {
  return said.kind === "changed" ? { kind: said.kind, index, label: said.label } : { kind: said.kind, index };
}

/** The box between two corners, inside the picture; null while it is too small to mean anything. */
export function boxFrom(one: { x: number; y: number }, other: { x: number; y: number }, width: number, height: number): [number, number, number, number] | null {
  const clamp = (value: number, most: number): number => Math.max(0, Math.min(most, Math.round(value)));
  const [x0, x1] = [clamp(Math.min(one.x, other.x), width), clamp(Math.max(one.x, other.x), width)];
  const [y0, y1] = [clamp(Math.min(one.y, other.y), height), clamp(Math.max(one.y, other.y), height)];
  return x1 - x0 >= LEAST_PX && y1 - y0 >= LEAST_PX ? [x0, y0, x1, y1] : null;
}
