// Addresses under /app/: which view is on, and its parts. The browser's own history; links are plain <a href>.

export const BASE = "/app/";

export interface Place {
  view: string;
  rest: string[];
  query: URLSearchParams;
}

export function readPlace(href: string): Place {
  const url = new URL(href, "http://here");
  const path = url.pathname.startsWith(BASE) ? url.pathname.slice(BASE.length) : "";
  const [view = "", ...rest] = path.split("/").filter(Boolean).map(decodeURIComponent);
  return { view, rest, query: url.searchParams };
}

class Router {
  place = $state.raw<Place>({ view: "", rest: [], query: new URLSearchParams() });

  start(): void {
    this.#read();
    addEventListener("popstate", () => this.#read());
    document.addEventListener("click", (event) => this.#follow(event));
  }

  go(path: string, how: { replace?: boolean } = {}): void {
    history[how.replace ? "replaceState" : "pushState"](null, "", BASE + path);
    this.#read();
  }

  /** Writes the view's own choices (filters, place of the map) into the link without a new step in the history. */
  keep(query: URLSearchParams): void {
    const words = query.toString();
    history.replaceState(null, "", location.pathname + (words ? `?${words}` : ""));
  }

  #read(): void {
    this.place = readPlace(location.href);
  }

  #follow(event: MouseEvent): void {
    if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = (event.target as Element).closest?.("a[href]");
    if (!(link instanceof HTMLAnchorElement) || link.target || link.hasAttribute("download")) return;
    const url = new URL(link.href);
    if (url.origin !== location.origin || !url.pathname.startsWith(BASE)) return;
    event.preventDefault();
    this.go(url.pathname.slice(BASE.length) + url.search);
  }
}

export const router = new Router();
