// The views of the application: who may open each, and where its code is. Code of a view is fetched when it is opened.
import type { Component } from "svelte";
import type { Role } from "../session.svelte";
import type { Words } from "../words/en";

export interface View {
  name: keyof Words["shell"]["views"];
  roles: Role[];
  load: () => Promise<{ default: Component }>;
  /** Full-bleed views have no page margins and do not scroll as a whole. */
  isFull?: boolean;
}

export const VIEWS: View[] = [
  { name: "route", roles: ["inspector"], load: () => import("../field/FieldView.svelte"), isFull: true },
  { name: "review", roles: ["reviewer", "leader"], load: () => import("../review/ReviewView.svelte"), isFull: true },
  {
    name: "map",
    roles: ["inspector", "reviewer", "planner", "leader", "operator"],
    load: () => import("../map/MapView.svelte"),
    isFull: true,
  },
  { name: "cases", roles: ["inspector", "reviewer", "planner", "leader"], load: () => import("../cases/CasesView.svelte") },
  { name: "figures", roles: ["leader", "planner"], load: () => import("../figures/FiguresView.svelte") },
];

export function viewsFor(roles: readonly Role[]): View[] {
  return VIEWS.filter((view) => view.roles.some((role) => roles.includes(role)));
}

/** Where each role begins its day. */
export function firstView(roles: readonly Role[]): string {
  const wish: [Role, View["name"]][] = [["reviewer", "review"], ["leader", "figures"], ["inspector", "route"]];
  const open = new Set(viewsFor(roles).map((view) => view.name));
  return wish.find(([role, name]) => roles.includes(role) && open.has(name))?.[1] ?? "map";
}

/** Pages of the server that are views of their own for some roles. */
export interface Page {
  name: keyof Words["shell"]["pages"];
  href: string;
  roles: Role[];
}

export const PAGES: Page[] = [
  { name: "planner", href: "/planner/", roles: ["inspector", "reviewer", "planner", "leader", "operator"] },
  { name: "registers", href: "/registers/", roles: ["planner", "operator"] },
  { name: "cameras", href: "/cameras/", roles: ["operator"] },
  { name: "outbox", href: "/outbox/", roles: ["operator"] },
  { name: "needsPerson", href: "/needs-person/", roles: ["operator"] },
];

export function pagesFor(roles: readonly Role[]): Page[] {
  return PAGES.filter((page) => page.roles.some((role) => roles.includes(role)));
}
