// While the first map of a visit is on its way, nothing else may travel: words of codes, letters, the map's panel wait.

const LONGEST_MS = 15_000;
const STYLE = "hurried"; // of the page, in app.css: no letters are fetched, the device's own are good enough meanwhile

class Hurry {
  isOn = $state(false);
  #end: () => void = () => undefined;

  /** Resolved when the hurry is over; at once where there was none. */
  over: Promise<void> = Promise.resolve();

  start(): void {
    this.isOn = true;
    this.over = new Promise((done) => (this.#end = done));
    if (!navigator.serviceWorker?.controller) document.documentElement.classList.add(STYLE); // an installed one has all letters here
    setTimeout(() => this.end(), LONGEST_MS);
  }

  end(): void {
    if (!this.isOn) return;
    this.isOn = false;
    document.documentElement.classList.remove(STYLE);
    this.#end();
  }
}

export const hurry = new Hurry();
