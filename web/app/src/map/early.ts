// What the first map of a visit needs, asked for before anything is drawn: its worker, and the style of the city that it shows.
import { router } from "../router.svelte";
import { session } from "../session.svelte";
import { hurry } from "../shell/hurry.svelte";
import { readLink } from "./link";
import { startWorkerEarly } from "./map_worker";
import { askEarly, styleAddress } from "./style_early";

const CITY_KEY = "viahe-map-city";

/** The entry's first act where the address is the map's; the style at once only on a device that has shown its map before. */
export function hurryMap(): void {
  hurry.start();
  startWorkerEarly();
  askStyle(readCity());
}

/** Once it is known who asks, the city is too: the one of the link, else the usual one, kept for the next visit. */
export function askStyle(before = ""): void {
  const look = readLink(router.place.query);
  const city = session.me?.cities.find((one) => one.slug === look.city) ?? session.city;
  const slug = city?.slug ?? (look.city || before);
  if (slug) askEarly(styleAddress(slug, session.theme, look.on), look.frame, hurry.over);
  if (city && city === session.city) keepCity(city.slug);
}

function readCity(): string {
  try { return localStorage.getItem(CITY_KEY) ?? ""; } catch { return ""; }
}

function keepCity(slug: string): void {
  try { localStorage.setItem(CITY_KEY, slug); } catch { return; }
}
