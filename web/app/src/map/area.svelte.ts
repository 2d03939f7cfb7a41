// The area to which the map's flags and cases are narrowed: of the link, drawn, of the frame or typed; the server looks it
// through and measures it, and only what it takes narrows anything.
import type { Geometry } from "geojson";
import type { Map as MapLibre } from "maplibre-gl";
import { get } from "../api/client";
import { Fault } from "../api/fault";
import type { AreaPen } from "./area_pen";
import { boundsOf, readArea, toPolygon, writeArea, type Corner } from "./link_area";

const CLICK_LASTS_MS = 300; // the press that closed an area is no question about that place

export class MapArea {
  /** What tiles are asked for; empty while there is no area, or none that can be used. */
  text = $state("");
  corners = $state.raw<Corner[]>([]);
  /** In the metres of the city; null while it is not known. */
  sizeM2 = $state<number | null>(null);
  fault = $state.raw<Fault | null>(null);
  drawing = $state<"" | "new" | "change">("");
  /** Corners put so far. */
  count = $state(0);
  #pen: AreaPen | null = null;
  #asking: AbortController | null = null;
  #quietUntil = 0;
  #isComing = false;

  /** `keep` writes an area into the link; what stands there comes back by `follow`. */
  constructor(private keep: (text: string) => void) {}

  get isBusy(): boolean {
    return this.drawing !== "" || this.#isComing || performance.now() < this.#quietUntil;
  }

  /** Takes over what the link says. Without an answer the area is used as it stands, unmeasured. */
  async follow(text: string, city: string): Promise<void> {
    this.#asking?.abort();
    const asking = (this.#asking = new AbortController());
    [this.corners, this.sizeM2, this.fault] = [readArea(text) ?? [], null, null];
    if (!text) { this.text = ""; return; }
    try {
      const found = await get("/api/v1/areas", { query: { area: text, city }, signal: asking.signal });
      if (asking.signal.aborted) return;
      [this.text, this.sizeM2] = [text, found.area_m2];
    } catch (reason) {
      if (asking.signal.aborted) return;
      const fault = reason instanceof Fault ? reason : new Fault("broken", 0);
      const isRefused = fault.items.length > 0 || !this.corners.length;
      [this.text, this.fault] = isRefused ? ["", fault] : [text, null];
    }
  }

  async draw(map: MapLibre): Promise<void> { await this.#take(map, "new", (pen) => pen.start()); }
  async change(map: MapLibre): Promise<void> { await this.#take(map, "change", (pen) => pen.change(toPolygon(this.corners))); }
  putCorner(): void { this.#pen?.putCorner(); }
  takeBack(): void { this.#pen?.takeBack(); }
  finish(): void { this.#pen?.finish(); }
  /** Ends drawing without a result: what was there before stays. */
  stop(): void { this.#pen?.stop(); this.#pen = null; this.drawing = ""; }
  clear(): void { this.stop(); this.keep(""); }
  set(corners: readonly Corner[]): void { this.keep(writeArea(corners)); }

  takeFrame(map: MapLibre): void {
    const frame = map.getBounds();
    this.set([frame.getSouthWest(), frame.getSouthEast(), frame.getNorthEast(), frame.getNorthWest()].map(({ lng, lat }) => [lng, lat]));
  }
  showWhole(map: MapLibre): void {
    if (this.corners.length) map.fitBounds(boundsOf(this.corners), { padding: 60, animate: false });
  }

  async #take(map: MapLibre, drawing: "new" | "change", begin: (pen: AreaPen) => void): Promise<void> {
    this.stop();
    this.#isComing = true;
    const found = await import("./area_pen").catch(() => null);
    this.#isComing = false;
    if (!found) { this.fault = new Fault("offline", 0); return; }
    this.#pen = new found.AreaPen(map, (area) => this.#done(area), (corners) => (this.count = corners));
    begin(this.#pen);
    this.drawing = drawing;
    map.getCanvas().focus();
  }

  #done(area: Geometry | null): void {
    this.#quietUntil = performance.now() + CLICK_LASTS_MS;
    this.stop();
    const ring = area?.type === "Polygon" ? (area.coordinates[0] ?? []).slice(0, -1) : [];
    if (ring.length >= 3) this.set(ring.map(([lon = 0, lat = 0]): Corner => [lon, lat]));
  }
}
