// What can go wrong between this page and the server, in kinds that differ by what a person can do about it.

export type FaultKind = "offline" | "expired" | "refused" | "missing" | "conflict" | "wrong" | "busy" | "broken";

export interface FaultItem {
  field: string;
  value: string;
  message: string;
  cure: string;
  code: string;
}

/** A request that did not do its work. `items` are the server's own words; the kind decides what the page offers. */
export class Fault extends Error {
  constructor(
    readonly kind: FaultKind,
    readonly status: number,
    readonly items: FaultItem[] = [],
    title = "",
  ) {
    super(items[0]?.message || title || kind);
    this.name = "Fault";
  }

  get cure(): string {
    return this.items[0]?.cure ?? "";
  }
}

export function kindOf(status: number): FaultKind {
  if (status === 401) return "expired";
  if (status === 403) return "refused";
  if (status === 404 || status === 410) return "missing";
  if (status === 409 || status === 412) return "conflict";
  if (status === 429 || status === 503) return "busy";
  return status >= 500 ? "broken" : "wrong";
}

/** The fault that an answer carries. HTML where data was expected is a broken server, or a sign-in page in between. */
export async function readFault(answer: Response): Promise<Fault> {
  if (!isJson(answer)) return new Fault(answer.redirected ? "expired" : kindOf(answer.status), answer.status);
  try {
    const body = (await answer.json()) as { title?: string; errors?: FaultItem[] };
    return new Fault(kindOf(answer.status), answer.status, body.errors ?? [], body.title);
  } catch {
    return new Fault("broken", answer.status);
  }
}

export function isJson(answer: Response): boolean {
  return /\bjson\b/.test(answer.headers.get("Content-Type") ?? "");
}
