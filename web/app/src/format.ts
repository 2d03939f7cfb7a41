// Numbers, moments and spans as people of this language write them: decimal comma, dd/mm/yyyy, 24 hours.

export interface Manner {
  locale: string;
  zone: string;
}

// Making a writer takes far longer than writing with it, and a list writes the same way in every row.
function kept<Writer, Options>(Kind: new (locale: string, options: Options) => Writer): (locale: string, options: Options) => Writer {
  const made = new Map<string, Writer>();
  return (locale, options) => {
    const key = locale + JSON.stringify(options);
    const writer = made.get(key) ?? new Kind(locale, options);
    made.set(key, writer);
    return writer;
  };
}
const numbers = kept<Intl.NumberFormat, Intl.NumberFormatOptions>(Intl.NumberFormat);
const moments = kept<Intl.DateTimeFormat, Intl.DateTimeFormatOptions>(Intl.DateTimeFormat);

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export function figure(value: number, digits: number, { locale }: Pick<Manner, "locale">): string {
  return numbers(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);
}

/** Up to `digits` decimals, none for nothing's sake. */
export function number(value: number, digits: number, { locale }: Pick<Manner, "locale">): string {
  return numbers(locale, { maximumFractionDigits: digits }).format(value);
}

export function percent(share: number, digits: number, manner: Pick<Manner, "locale">): string {
  return `${figure(100 * share, digits, manner)} %`;
}

/** How far off a place or a fit may be: "± 0.25 m", whole metres from three on; what rounds to nothing is said to be under the last digit. */
export function spread(metres: number, manner: Pick<Manner, "locale">, under: (limit: string) => string): string {
  const digits = metres < 3 ? 2 : 0;
  return metres < 0.005 ? under(`${figure(0.01, 2, manner)}\u00a0m`) : `±\u00a0${figure(metres, digits, manner)}\u00a0m`;
}

/** An area in the unit that people say: m², from one hectare on ha, from one square kilometre on km². */
export function areaSize(m2: number, manner: Pick<Manner, "locale">): string {
  if (m2 < 10_000) return `${number(m2, 0, manner)} m²`;
  return m2 < 1_000_000 ? `${figure(m2 / 10_000, 2, manner)} ha` : `${figure(m2 / 1_000_000, 2, manner)} km²`;
}

/** An ISO day (`2026-11-22`) or moment as `22/11/2026`, in the city's time zone. */
export function day(iso: string, { zone }: Pick<Manner, "zone">): string {
  const [year, month, date] = partsOf(iso, zone);
  return `${date}/${month}/${year}`;
}

/** A moment as `22/11/2026 08:41`, in the city's time zone. */
export function moment(iso: string, { zone }: Pick<Manner, "zone">): string {
  return `${day(iso, { zone })} ${clock(iso, { zone })}`;
}

export function clock(iso: string, { zone }: Pick<Manner, "zone">): string {
  return moments("en-GB", { timeZone: zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(new Date(iso));
}

/** The ISO day of a moment in a time zone. */
export function isoDay(at: Date, zone: string): string {
  return moments("en-CA", { timeZone: zone }).format(at);
}

function partsOf(iso: string, zone: string): [string, string, string] {
  const whole = iso.length === 10 ? iso : isoDay(new Date(iso), zone);
  const [year = "", month = "", date = ""] = whole.split("-");
  return [year, month, date];
}

/** A span in its largest fitting unit. */
export function span(seconds: number, { locale }: Pick<Manner, "locale">): string {
  const size = Math.abs(seconds);
  const [value, unit] = size < HOUR ? [size / MINUTE, "minute"] : size < 2 * DAY ? [size / HOUR, "hour"] : [size / DAY, "day"];
  const style = { style: "unit", unit, unitDisplay: "long", maximumFractionDigits: 0 } as const;
  return numbers(locale, style).format(Math.max(1, Math.floor(value as number)));
}
