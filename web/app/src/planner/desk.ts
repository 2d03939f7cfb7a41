// What the planner's view asks the server: answers, figures, files, uploaded areas, saved views.
import type { Geometry } from "geojson";
import { address, ask, send } from "../api/client";
import { Fault, readFault } from "../api/fault";
import type { Answer, Askable, Statistics } from "./answer";
import type { Body } from "./question";

export const PAGE = 1000;
export interface ViewLine { code: string; name: string; city: string; saved_at: string }
export interface OpenedView extends ViewLine { owner: string; question: Body; is_mine: boolean }
export interface UploadedArea { area: Geometry; bounds: [number, number, number, number]; area_m2: number; crs: string; notes: string[] }

const json = (body: unknown): { body: string } => ({ body: JSON.stringify(body) });

export const listAskable = async (): Promise<Askable> => (await send("GET", "/api/v1/query")) as Askable;

export async function askFor(body: Body, offset: number, signal: AbortSignal): Promise<Answer> {
  return (await send("POST", "/api/v1/query", { ...json({ ...body, limit: PAGE, offset }), signal })) as Answer;
}

export const countOver = async (body: Body): Promise<Statistics> => (await send("POST", "/api/v1/query/statistics", json(body))) as Statistics;

/** Fetches the file and hands it to the browser to keep. */
export async function takeFile(body: Body, format: string, crs: string): Promise<void> {
  const answer = await ask("POST", "/api/v1/query", { ...json({ ...body, format, crs }), headers: { Accept: "*/*" } });
  if (!answer.ok) throw await readFault(answer);
  const name = /filename="([^"]+)"/.exec(answer.headers.get("Content-Disposition") ?? "")?.[1] ?? `viahe.${format}`;
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(await answer.blob()), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

export async function readArea(file: File, city: string, crs: string, layer: string): Promise<UploadedArea> {
  const form = new FormData();
  for (const [name, value] of Object.entries({ city, crs, layer })) form.set(name, value);
  form.set("file", file);
  return (await send("POST", "/api/v1/areas", { body: form })) as UploadedArea;
}

export const listViews = async (): Promise<ViewLine[]> => (await send("GET", "/api/v1/saved-views")) as ViewLine[];
const pathOf = (code: string): string => address("/api/v1/saved-views/{code}", { path: { code } });
export const openView = async (code: string): Promise<OpenedView> => (await send("GET", pathOf(code))) as OpenedView;
export const saveView = async (name: string, question: Body): Promise<OpenedView> => (await send("POST", "/api/v1/saved-views", json({ name, question }))) as OpenedView;
export const changeView = async (code: string, name: string, question: Body): Promise<OpenedView> => (await send("PUT", pathOf(code), json({ name, question }))) as OpenedView;
export const removeView = async (code: string): Promise<void> => void (await send("DELETE", pathOf(code)));

export const asFault = (reason: unknown): Fault => (reason instanceof Fault ? reason : new Fault("broken", 0));
