// Registers, their runs and faults as the server tells them, and what may be done with a run. Pure but for the requests.
import type { Feature, Geometry, Point } from "geojson";
import { address, send } from "../api/client";
import { Fault, readFault } from "../api/fault";

export type RunState = "received" | "staging" | "preview" | "waiting" | "confirmed" | "done" | "unchanged" | "refused" | "discarded";
export type Change = "new" | "changed" | "withdrawn";
export interface Run {
  id: number; source: string; city: string; register: string; state: RunState; file_name: string; rows_read: number; rows_in_file: number;
  sent_by: string; is_drawn: boolean; source_on: string; started_at: string; finished_at: string | null; counts: Record<string, number>;
  message: string; decided_by: string; may_decide: boolean;
}
export interface Register {
  name: string; title: string; city: string; register: string; publisher: string; licence: string; decision: string; source_on: string | null;
  is_generated: boolean; rows_listed: number; issues: number; newest: Run | null; open_run: Run | null;
}
export interface RowChange { change: Change; key: string; fields: { field: string; before: string; after: string }[]; outline: Geometry | null }
export interface Issue { city: string; source: string; load_id: number; source_on: string; row: string; key: string; fault: string; action: string; detail: string }
export type IssueFeature = Feature<Point | null, Issue>;
export interface IssuePage { features: IssueFeature[]; next: string | null }
export interface FaultCounts { faults: { fault: string; action: string; rows: number }[]; sources: string[] }
export interface IssueFilter { city: string; source: string; fault: string; action: string; load: string }

export const CHANGES: Change[] = ["new", "changed", "withdrawn"];
export const COUNTS = ["rows", "new", "changed", "withdrawn", "unchanged", "left_out", "issues"] as const;

/** Runs that go on by themselves: looked at again every few seconds. */
export const isAtWork = (run: Run): boolean => ["received", "staging", "confirmed"].includes(run.state) || (run.state === "done" && !run.is_drawn);

/** Which part of a file was read, 0 to 1; null while nobody knows how long it is. */
export const shareRead = (run: Run): number | null => (run.rows_in_file ? Math.min(1, run.rows_read / run.rows_in_file) : null);

/** Which part of the rows on record would go, 0 to 1. */
export const shareWithdrawn = (run: Run): number => (run.counts.listed ? (run.counts.withdrawn ?? 0) / run.counts.listed : 0);

export const listRegisters = async (): Promise<Register[]> => (await send("GET", "/api/v1/registers")) as Register[];
export const listRuns = async (name: string, city: string): Promise<Run[]> => (await send("GET", address("/api/v1/registers/{name}/loads", { path: { name }, query: { city } }))) as Run[];
export const getRun = async (id: number | string): Promise<Run> => (await send("GET", address("/api/v1/register-loads/{id}", { path: { id } }))) as Run;
export const listChanges = async (id: number, change: string): Promise<RowChange[]> => (await send("GET", address("/api/v1/register-loads/{id}/changes", { path: { id }, query: { change, limit: 1000 } }))) as RowChange[];
export async function decide(id: number, wish: "apply" | "discard"): Promise<Run> {
  return (await send("POST", address("/api/v1/register-loads/{id}/decision", { path: { id } }), { body: JSON.stringify({ do: wish }) })) as Run;
}
const asQuery = (filter: IssueFilter): Record<string, string> => ({ city: filter.city, source: filter.source, fault: filter.fault, action: filter.action, load: filter.load });
export const countIssues = async (filter: IssueFilter): Promise<FaultCounts> => (await send("GET", address("/api/v1/register-issues/counts", { query: asQuery(filter) }))) as FaultCounts;
export const listIssues = async (filter: IssueFilter, after: string): Promise<IssuePage> => (await send("GET", address("/api/v1/register-issues", { query: { ...asQuery(filter), limit: 500, after } }))) as IssuePage;
export const issueFile = (filter: IssueFilter, form: "csv" | "geojson", lang: string): string => address("/api/v1/register-issues/file", { query: { ...asQuery(filter), form, lang } });

/** Sends a file in one piece and tells how far it is; a file of a million rows takes longer than any time-out of ours. */
export function sendFile(name: string, city: string, file: File, sourceOn: string, tell: (share: number) => void): Promise<Run> {
  const form = new FormData();
  form.set("city", city);
  if (sourceOn) form.set("source_on", sourceOn);
  form.set("file", file);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", address("/api/v1/registers/{name}/files", { path: { name } }));
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("Accept-Language", document.documentElement.lang);
    request.setRequestHeader("X-CSRFToken", document.cookie.split("; ").find((pair) => pair.startsWith("csrftoken="))?.slice(10) ?? "");
    request.upload.onprogress = (event) => { if (event.lengthComputable) tell(event.loaded / event.total); };
    request.onerror = () => reject(new Fault("offline", 0));
    request.onload = () => {
      if (request.status === 201) return resolve(JSON.parse(request.responseText) as Run);
      const headers = { "Content-Type": request.getResponseHeader("Content-Type") ?? "" };
      void readFault(new Response(request.responseText, { status: request.status || 500, headers })).then(reject);
    };
    request.send(form);
  });
}

export const asFault = (reason: unknown): Fault => (reason instanceof Fault ? reason : new Fault("broken", 0));
