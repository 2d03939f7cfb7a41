// The views of the application: who may open each, and where its code is. Code of a view is fetched when it is opened.
import type { Component } from "svelte";
import type { Role } from "../session.svelte";
import { BASE } from "../router.svelte";
import type { Words } from "../words/en";

export interface View {
  name: keyof Words["shell"]["views"];
  roles: Role[];
  load: () => Promise<{ default: Component }>;
  /** Full-bleed views have no page margins and do not scroll as a whole. */
  isFull?: boolean;
  /** Views of one group stand together behind one word of the menu, so that the menu stays short for every role. */
  group?: Group;
}

export type Group = keyof Words["shell"]["groups"];

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
  {
    name: "planner",
    roles: ["planner", "inspector", "reviewer", "leader", "operator"],
    load: () => import("../planner/PlannerView.svelte"),
    isFull: true,
  },
  { name: "days", roles: ["leader"], load: () => import("../days/DaysView.svelte") },
  { name: "registers", roles: ["operator", "planner"], load: () => import("../registers/RegistersView.svelte"), isFull: true, group: "operation" },
  { name: "figures", roles: ["leader", "planner"], load: () => import("../figures/FiguresView.svelte") },
  { name: "cameras", roles: ["operator"], load: () => import("../operator/cameras/CamerasView.svelte"), group: "operation" },
  { name: "operate", roles: ["operator"], load: () => import("../operator/OperatorView.svelte"), group: "operation" },
];

export function viewsFor(roles: readonly Role[]): View[] {
  return VIEWS.filter((view) => view.roles.some((role) => roles.includes(role)));
}

/** The code of the addressed view travels while the server says who asks; whether it may be shown is decided after. */
export function warmView(name: string): void {
  VIEWS.find((view) => view.name === name)?.load().catch(() => undefined);
}

/** Where each role begins its day. */
export function firstView(roles: readonly Role[]): View["name"] {
  const wish: [Role, View["name"]][] = [["reviewer", "review"], ["leader", "figures"], ["inspector", "route"], ["planner", "planner"]];
  const open = new Set(viewsFor(roles).map((view) => view.name));
  return wish.find(([role, name]) => roles.includes(role) && open.has(name))?.[1] ?? "map";
}

/** Pages of the server that are views of their own for some roles. */
export interface Page {
  name: keyof Words["shell"]["pages"];
  href: string;
  roles: Role[];
  group?: Group;
}

export const PAGES: Page[] = [
  { name: "needsPerson", href: "/needs-person/", roles: ["operator"], group: "operation" },
];

export function pagesFor(roles: readonly Role[]): Page[] {
  return PAGES.filter((page) => page.roles.some((role) => roles.includes(role)));
}

/** One way of the menu: a view of the application (`view` is its name) or a page of the server. */
export interface Way {
  view: string;
  words: (words: Words["shell"]) => string;
  href: string;
  group: Group | undefined;
}

/** The menu of somebody's roles: ways that stand by themselves, then each group with its ways. A group of one needs no group. */
export function menuFor(roles: readonly Role[]): { alone: Way[]; groups: [Group, Way[]][] } {
  const ways: Way[] = [
    ...viewsFor(roles).map(({ name, group }): Way => ({ view: name, words: (words) => words.views[name], href: `${BASE}${name}`, group })),
    ...pagesFor(roles).map(({ name, href, group }): Way => ({ view: "", words: (words) => words.pages[name], href, group })),
  ];
  const names = [...new Set(ways.flatMap(({ group }) => group ?? []))];
  const groups = names.map((name): [Group, Way[]] => [name, ways.filter(({ group }) => group === name)]);
  const short = new Set(groups.filter(([, members]) => members.length < 2).map(([name]) => name));
  return { alone: ways.filter(({ group }) => !group || short.has(group)), groups: groups.filter(([name]) => !short.has(name)) };
}
