// Drawing an area on a map, and changing one: with mouse and finger by terra-draw; by keyboard a corner under the cross-hair.
import type { Geometry, Polygon } from "geojson";
import type { Map as MapLibre } from "maplibre-gl";
import { TerraDraw, TerraDrawPolygonMode, TerraDrawSelectMode } from "terra-draw";
import { TerraDrawMapLibreGLAdapter } from "terra-draw-maplibre-gl-adapter";
import { holdStill } from "./frame_pace";

const CHANGEABLE = { polygon: { feature: { draggable: true, coordinates: { draggable: true, midpoints: true, deletable: true } } } };
const CORNERS_FIXED = "committedCoordinateCount"; // the one that follows the mouse is no corner yet

export class AreaPen {
  #draw: TerraDraw | null = null;
  #polygon = new TerraDrawPolygonMode();
  #changed: string | number | null = null;

  /** `done` gets the outline, or null when none came of it; `counted` the number of its corners whenever that changes. */
  constructor(private map: MapLibre, private done: (area: Geometry | null) => void, private counted: (corners: number) => void = () => undefined) {}

  get isDrawing(): boolean {
    return this.#draw !== null;
  }

  /** Corner by corner; Enter or the first corner closes it. */
  start(): void {
    const draw = this.#begin();
    draw.setMode("polygon");
    draw.on("finish", (id) => this.#end((draw.getSnapshotFeature(id)?.geometry as Geometry | undefined) ?? null));
    draw.on("change", () => this.#count(draw));
    this.counted(0);
  }

  /** Corners are dragged, one in the middle of an edge makes a new one, a right click or a long press takes one away. */
  change(outline: Polygon): void {
    const draw = this.#begin();
    const id = draw.getFeatureId();
    draw.addFeatures([{ type: "Feature", id, geometry: outline, properties: { mode: "polygon" } }]);
    draw.selectFeature(id);
    this.#changed = id;
    draw.on("change", () => this.#count(draw));
    this.#count(draw);
  }

  /** A corner in the middle of the map, as if it had been pressed there. */
  putCorner(): void {
    const canvas = this.map.getCanvas();
    const { left, top, width, height } = canvas.getBoundingClientRect();
    const at = { clientX: left + width / 2, clientY: top + height / 2, isPrimary: true, button: 0, bubbles: true };
    for (const kind of ["pointermove", "pointerdown", "pointerup"]) canvas.dispatchEvent(new PointerEvent(kind, at));
  }

  takeBack(): void {
    if (this.#changed === null) this.#polygon.undo();
    if (this.#draw) this.#count(this.#draw);
  }

  /** Closes what has three corners; what is changed ends as it is. */
  finish(): void {
    if (this.#changed !== null) this.#end((this.#draw?.getSnapshotFeature(this.#changed)?.geometry as Geometry | undefined) ?? null);
    else this.map.getCanvas().dispatchEvent(new KeyboardEvent("keyup", { key: "Enter" }));
  }

  stop(): void {
    if (this.#draw) holdStill(this.map, false);
    this.#draw?.stop();
    this.#draw = null;
    this.#changed = null;
  }

  #begin(): TerraDraw {
    this.stop();
    this.#polygon = new TerraDrawPolygonMode();
    const modes = [this.#polygon, new TerraDrawSelectMode({ flags: CHANGEABLE, allowManualDeselection: false })];
    const draw = new TerraDraw({ adapter: new TerraDrawMapLibreGLAdapter({ map: this.map }), modes });
    this.#draw = draw;
    holdStill(this.map, true);
    draw.start();
    return draw;
  }

  #end(area: Geometry | null): void {
    setTimeout(() => { this.stop(); this.done(area); }); // terra-draw is still at work on what it told
  }

  #count(draw: TerraDraw): void {
    const drawn = draw.enabled ? draw.getSnapshot().find((one) => one.geometry.type === "Polygon") : undefined;
    const all = drawn?.geometry.type === "Polygon" ? (drawn.geometry.coordinates[0]?.length ?? 1) - 1 : 0;
    this.counted(Number(drawn?.properties[CORNERS_FIXED] ?? all));
  }
}
