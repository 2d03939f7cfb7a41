// What may stand on a sidewalk at one moment, from the uses that the register lists for it. Pure.
// A listed use is "use|from_on|to_on|from_time|to_time", several joined by ";": both days included, the end hour not; hours may
// run over midnight. The same reading as the server's rule for leaves.

export interface ListedUse {
  use: string;
  fromOn: string;
  toOn: string;
  fromTime: string;
  toTime: string;
}

/** The moment on the city's clock: ISO day, and "HH:MM". */
export interface LocalMoment {
  on: string;
  at: string;
}

export const USE_CLASSES = ["parking", "trading", "other", "closed"] as const;
export type UseClass = (typeof USE_CLASSES)[number];

export function parseUses(text: string): ListedUse[] {
  return text.split(";").flatMap((entry) => {
    const [use = "", fromOn = "", toOn = "", fromTime = "", toTime = ""] = entry.split("|");
    return use ? [{ use, fromOn, toOn, fromTime: fromTime.slice(0, 5), toTime: toTime.slice(0, 5) }] : [];
  });
}

export function isInForce(listed: ListedUse, { on, at }: LocalMoment): boolean {
  if ((listed.fromOn && on < listed.fromOn) || (listed.toOn && on > listed.toOn)) return false;
  const [start, end] = [listed.fromTime || "00:00", listed.toTime || "24:00"];
  return start <= end ? start <= at && at < end : at >= start || at < end;
}

/** How a stretch is drawn: by the use that is allowed on it now; "closed" where uses are listed but none holds now. */
export function classOf(text: string, moment: LocalMoment): UseClass {
  const uses = parseUses(text).filter((listed) => isInForce(listed, moment)).map(({ use }) => use);
  if (!uses.length) return "closed";
  if (uses.some((use) => use.startsWith("parking"))) return "parking";
  return uses.includes("trading") ? "trading" : "other";
}

/** The moment looked at: now, or noon of another day. */
export function momentOf(now: Date, on: string, timeZone: string): LocalMoment {
  if (on) return { on, at: "12:00" };
  const parts = new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).formatToParts(now);
  const part = (type: string): string => parts.find((one) => one.type === type)?.value ?? "";
  return { on: `${part("year")}-${part("month")}-${part("day")}`, at: `${part("hour")}:${part("minute")}` };
}
