// The one door to the server: typed by the OpenAPI document, with session, CSRF token, language and faults in words.
import type { paths } from "../../generated/schema";
import { Fault, isJson, readFault } from "./fault";

type Method = "get" | "post" | "put" | "patch" | "delete";
type PathsWith<M extends Method> = { [P in keyof paths]: paths[P] extends Record<M, object> ? P : never }[keyof paths];
type Operation<P extends keyof paths, M extends Method> = paths[P] extends Record<M, infer O> ? O : never;
type Json<R> = R extends { content: { "application/json": infer T } } ? T : unknown;
type Good<O> = O extends { responses: infer R }
  ? R extends { 200: infer A } ? Json<A> : R extends { 201: infer B } ? Json<B> : unknown
  : unknown;
type Query<O> = O extends { parameters: { query?: infer Q } } ? Q : never;

export type Answer<P extends PathsWith<"get">> = Good<Operation<P, "get">>;
export type Values = Record<string, string | number>;

export interface Asked {
  path?: Values;
  query?: Record<string, string | number | boolean | undefined>;
  signal?: AbortSignal;
}

const LONGEST_WAIT_MS = 30_000;

/** Fills `{id}` of a path and appends the query; empty values are left out. */
export function address(path: string, asked: Asked = {}): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(asked.path?.[name] ?? "")));
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(asked.query ?? {})) {
    if (value !== undefined && value !== "") query.set(name, String(value));
  }
  return query.size ? `${filled}?${query}` : filled;
}

export async function get<P extends PathsWith<"get">>(
  path: P,
  asked: Omit<Asked, "query"> & { query?: Query<Operation<P, "get">> } = {},
): Promise<Answer<P>> {
  return (await send("GET", address(path, asked as Asked), asked.signal ? { signal: asked.signal } : {})) as Answer<P>;
}

export async function post<P extends PathsWith<"post">>(path: P, body: unknown, asked: Asked = {}): Promise<Good<Operation<P, "post">>> {
  return (await send("POST", address(path, asked), { body: JSON.stringify(body) })) as Good<Operation<P, "post">>;
}

/** Any request to our own server whose answer is JSON; throws a Fault. */
export async function send(method: string, url: string, more: { body?: BodyInit; signal?: AbortSignal } = {}): Promise<unknown> {
  const answer = await ask(method, url, more);
  if (!answer.ok || !isJson(answer)) throw await readFault(answer);
  return answer.json();
}

/** The bare answer, for those who read its headers; throws a Fault only when no answer came. */
export async function ask(
  method: string,
  url: string,
  more: { body?: BodyInit; signal?: AbortSignal; headers?: Record<string, string> } = {},
): Promise<Response> {
  const headers: Record<string, string> = { Accept: "application/json", "Accept-Language": document.documentElement.lang, ...more.headers };
  if (method !== "GET") headers["X-CSRFToken"] = readCookie("csrftoken");
  if (typeof more.body === "string") headers["Content-Type"] = "application/json";
  const limit = AbortSignal.timeout(LONGEST_WAIT_MS);
  const signal = more.signal ? AbortSignal.any([more.signal, limit]) : limit;
  try {
    return await fetch(url, { method, headers, signal, credentials: "same-origin", body: more.body ?? null });
  } catch (reason) {
    if (more.signal?.aborted) throw reason;
    throw new Fault("offline", 0);
  }
}

export function readCookie(name: string): string {
  return document.cookie.split("; ").find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1) ?? "";
}
