// Who is signed in, in which language and colours; and the server's words for its codes (states, uses, roles).
import { get, readCookie, send, type Answer } from "./api/client";
import { Fault } from "./api/fault";
import { readLastKnown, SIGN_IN_KEY } from "./api/last_known";
import { holdsShift } from "./field/kept_here";
import type { Words } from "./words/en";

export type Me = Answer<"/api/v1/me">;
export type Role = Me["roles"][number];
export type City = Me["cities"][number];
export type Language = "vi" | "en";
export type Theme = "light" | "sun" | "dark";

/** Work that is only here: asked before somebody signs out (false keeps them), forgotten once they have. */
export interface Shift { mayLeave: () => Promise<boolean>; forget: () => Promise<void> }
type Codes = Record<string, Record<string, string>>;

const THEME_KEY = "viahe-theme";
const LOCALES: Record<Language, string> = { vi: "vi-VN", en: "en-GB" };

class Session {
  me = $state.raw<Me | null>(null);
  language = $state<Language>("vi");
  theme = $state<Theme>("light");
  #codes = $state.raw<Codes>({});

  /** All words of the language that is spoken; read before anything is drawn (`readWords`). */
  words = $state.raw<Words>({} as Words);
  locale = $derived(LOCALES[this.language]);
  city: City | null = $derived(this.me?.cities.find((city) => city.is_default) ?? this.me?.cities[0] ?? null);
  zone = $derived(this.city?.timezone ?? "UTC");

  /** Only the words of the language that is spoken are fetched. */
  async readWords(): Promise<void> {
    // A frame that was kept on the phone may speak yesterday's language: the cookie is the newer word.
    const chosen = /(?:^|; )django_language=(\w+)/.exec(document.cookie)?.[1] ?? document.documentElement.lang;
    this.language = chosen.startsWith("en") ? "en" : "vi";
    this.words = await wordsOf(this.language);
    document.documentElement.lang = this.language;
  }

  #asked: Promise<Me> | null = null;
  #same: Promise<Me | null> = Promise.resolve(null);

  /** Asks who is signed in before anything is drawn; `start` takes the answer. */
  ask(): void {
    this.paint(readTheme());
    this.#same = readSame().catch(() => null);
    this.#asked = get("/api/v1/me");
    this.#asked.catch(() => undefined);
  }

  /** `after`: the view says no code at first, so that the words of codes may come when this is over. */
  async start(after: Promise<void> | null): Promise<void> {
    const asked = this.#asked ?? get("/api/v1/me");
    this.#asked = null;
    const codes = after ? after.then(() => this.#readCodes()) : this.#readCodes();
    codes.catch(() => undefined);
    if (after) this.me = await this.#same;
    try {
      const me = await asked.catch((reason: unknown) => this.#findKept(reason));
      if (!after && !this.isEnded) await codes;
      this.#take(me);
      if (!this.isEnded) keepSignIn();
    } catch (reason) {
      this.me = null;
      throw reason;
    }
  }

  /** Cities that are the same stay the very same: what is drawn of one is not drawn again. */
  #take(me: Me): void {
    const before = this.me?.cities;
    this.me = before && JSON.stringify(before) === JSON.stringify(me.cities) ? { ...me, cities: before } : me;
  }

  /** The session ended while a shift lies on this device: its person sees that shift, and nothing else, until they sign in. */
  isEnded = $state(false);

  /** Who was signed in last, when their shift was never signed out here. Any other fault is one. */
  async #findKept(reason: unknown): Promise<Me> {
    const isExpired = reason instanceof Fault && reason.kind === "expired";
    const kept = isExpired ? ((await readLastKnown("/api/v1/me")) as Me | null) : null;
    if (!kept || !(await holdsShift(kept.username))) throw reason;
    this.#codes = ((await readLastKnown("/app/words.json")) ?? {}) as Codes;
    this.isEnded = true;
    return kept;
  }

  /** The shift on this device, while its view is open. */
  shift: Shift | null = null;

  async refresh(): Promise<void> {
    this.#take(await get("/api/v1/me"));
  }

  /** After signing in again, in another window: the rest of the application is open too. */
  async resume(): Promise<void> {
    const me = await get("/api/v1/me");
    if (me.username !== this.me?.username) return location.reload(); // nothing of the one before
    await this.#readCodes();
    [this.me, this.isEnded] = [me, false];
  }

  /** Whether flags and cases are for this person's roles; an operator keeps the city's data and sees none. */
  get readsCases(): boolean {
    return this.holds("inspector", "reviewer", "planner", "leader", "auditor");
  }

  holds(...roles: Role[]): boolean {
    return roles.some((role) => this.me?.roles.includes(role));
  }

  /** A code of the server in words; a code without words is shown as it is, with spaces. */
  say(kind: string, code: string): string {
    return this.#codes[kind]?.[code] ?? code.replaceAll("_", " ");
  }

  /** A rule's name; one without words is shown by its code. */
  rule(code: string): string {
    return (this.words.figures.rules as Record<string, string>)[code] ?? code;
  }

  /** A label of a detector; label sets write the same thing in several ways. */
  label(name: string): string {
    const known = this.#codes.label ?? {};
    const plain = name.replaceAll("_", " ").toLowerCase();
    return known[name] ?? known[plain] ?? name;
  }

  async speak(language: Language): Promise<void> {
    document.documentElement.lang = language;
    document.cookie = `django_language=${language}; path=/; max-age=31536000; samesite=lax`;
    const [words] = await Promise.all([wordsOf(language), this.#readCodes()]);
    this.words = words;
    this.language = language;
    await this.refresh();
  }

  paint(theme: Theme): void {
    this.theme = theme;
    document.documentElement.dataset.theme = theme;
    try {
      localStorage.setItem(THEME_KEY, theme);
    } catch {
      return; // a browser without storage keeps the colours of this visit only
    }
  }

  async #readCodes(): Promise<void> {
    this.#codes = (await send("GET", "/app/words.json")) as Codes;
  }
}

function keepSignIn(): void {
  try { localStorage.setItem(SIGN_IN_KEY, readCookie("csrftoken")); } catch { return; }
}

/** Who was signed in at the last visit, on an installed application that nobody has signed in to since; the server's answer follows. */
async function readSame(): Promise<Me | null> {
  const token = navigator.serviceWorker?.controller ? readCookie("csrftoken") : "";
  return token && localStorage.getItem(SIGN_IN_KEY) === token ? ((await readLastKnown("/api/v1/me")) as Me | null) : null;
}

async function wordsOf(language: Language): Promise<Words> {
  return language === "en" ? (await import("./words/en")).en : (await import("./words/vi")).vi;
}

function readTheme(): Theme {
  try {
    const kept = localStorage.getItem(THEME_KEY);
    return kept === "sun" || kept === "dark" ? kept : "light";
  } catch {
    return "light";
  }
}

export const session = new Session();
