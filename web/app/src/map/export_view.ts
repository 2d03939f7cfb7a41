// The view as a file or for the printer: the map in its frame with title, day, legend, scale, north, and whose data it is.
import type { Map as MapLibre } from "maplibre-gl";
import { listLegend, listSources, roundLength, type SheetRow, type SheetSection, type Shown, type Sign } from "./map_sheet";
import { HEAT_COLOURS } from "./live_layers";
import { makePdf } from "./pdf";
import { patternOf } from "./sidewalk_layer";
import { signCanvas } from "./signs";
import type { Words } from "../words/en";

/** The other side of a comparison: its picture, where the divider stands (in hundredths of the width), the words of both sides. */
export interface OtherSide {
  canvas: HTMLCanvasElement;
  share: number;
  tags: [string, string];
}

export interface View {
  map: MapLibre;
  shown: Shown;
  other: OtherSide | null;
  title: string;
  lines: string[];
  words: Words["map"];
  notAConclusion: string;
  generated: string;
  sayVerdict: (verdict: string) => string;
  sayDay: (iso: string) => string;
  sayMetres: (metres: number) => string;
}

const INK = "#14212B", FAINT = "#43525D";
const WIDE_FROM_PX = 700;
// Sizes in letters' units: on a sheet of A4 one unit is about 2.8 mm, whatever the screen.
const LEGEND_WIDE = 19, LINE = 1.7, PAD = 1.2;

/** Metres that a run of CSS pixels covers in the middle of the map. */
export function metresAcross(map: MapLibre, px: number): number {
  const { lat } = map.getCenter();
  return (px * 40_075_016.686 * Math.cos((lat * Math.PI) / 180)) / (512 * 2 ** map.getZoom());
}

export async function exportView(view: View, kind: "png" | "pdf"): Promise<void> {
  const canvas = drawSheet(view);
  const name = `${view.title.replaceAll(/[^\p{L}\p{N}]+/gu, "-")}.${kind}`;
  if (kind === "png") return save(await toBlob(canvas, "image/png"), name);
  const jpeg = new Uint8Array(await (await toBlob(canvas, "image/jpeg", 0.92)).arrayBuffer());
  const bytes = makePdf({ jpeg, widthPx: canvas.width, heightPx: canvas.height, title: view.title });
  save(new Blob([bytes as BlobPart], { type: "application/pdf" }), name);
}

/** The whole sheet. Beside a wide map the legend stands at the right, under a narrow one below. */
export function drawSheet(view: View): HTMLCanvasElement {
  const source = view.map.getCanvas();
  const [wide, high] = [source.clientWidth, source.clientHeight];
  const isWide = wide >= WIDE_FROM_PX;
  const unit = isWide ? Math.max(12, wide / 81) : Math.max(11, wide / 44);
  const sections = listLegend(view.shown, view.words, view.sayVerdict, view.notAConclusion);
  const pen = penOf(document.createElement("canvas"));
  const pad = PAD * unit, line = LINE * unit;
  const legendWide = isWide ? LEGEND_WIDE * unit : wide;
  const across = wide + 2 * pad + (isWide ? legendWide + pad : 0);
  const body = (size: number, weight = 400): string => `${weight} ${size * unit}px "Be Vietnam Pro", sans-serif`;
  pen.font = body(0.8);
  const sources = [view.words.sources, ...listSources(view.shown.legend, view.shown.wanted, view.sayDay, view.generated)].flatMap((text) => wrap(pen, text, wide));
  pen.font = body(1);
  const blocks = sections.map((section) => layBlock(pen, section, legendWide - 2.4 * unit));
  const legendHigh = blocks.reduce((sum, block) => sum + block.lines * line + 0.8 * unit, 0);
  const top = pad + 2 * unit + view.lines.length * 1.3 * unit + 0.6 * unit;
  const sourcesHigh = pad + sources.length * 1.15 * unit;
  const below = isWide ? high : high + pad + legendHigh; // where the sources begin: under the map, or under the legend
  const ratio = source.width / wide;
  const canvas = pen.canvas;
  canvas.width = Math.round(across * ratio);
  canvas.height = Math.round((top + Math.max(below + sourcesHigh, legendHigh) + pad) * ratio);
  pen.scale(ratio, ratio);
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.fillStyle = INK;
  pen.font = body(1.5, 600);
  pen.fillText(view.title, pad, pad + 1.4 * unit, across - 2 * pad);
  pen.font = body(0.95);
  pen.fillStyle = FAINT;
  view.lines.forEach((text, i) => pen.fillText(text, pad, pad + (2.8 + 1.3 * i) * unit, across - 2 * pad));
  pen.save();
  pen.translate(pad, top);
  drawMap(pen, view, wide, high, unit);
  pen.restore();
  let [x, y] = isWide ? [pad + wide + pad, top] : [pad, top + high + pad];
  for (const block of blocks) y = drawBlock(pen, block, x, y, unit);
  pen.font = body(0.8);
  pen.fillStyle = FAINT;
  y = top + below + pad;
  sources.forEach((text, i) => pen.fillText(text, pad, y + (0.8 + 1.15 * i) * unit));
  return canvas;
}

function drawMap(pen: CanvasRenderingContext2D, { map, other, words, sayMetres }: View, wide: number, high: number, unit: number): void {
  map.redraw(); // what is on the screen may wait for its next frame
  pen.drawImage(map.getCanvas(), 0, 0, wide, high);
  const tag = (text: string, x: number, y: number, align: CanvasTextAlign): void => {
    pen.font = `600 ${unit}px "Be Vietnam Pro", sans-serif`;
    pen.textAlign = align;
    const long = pen.measureText(text).width + unit;
    pen.fillStyle = "#fff";
    pen.fillRect(align === "right" ? x - long + unit / 2 : x - unit / 2, y - 1.3 * unit, long, 1.8 * unit);
    pen.fillStyle = INK;
    pen.fillText(text, x, y);
    pen.textAlign = "left";
  };
  if (other) {
    const at = (wide * other.share) / 100;
    const cut = (other.canvas.width * other.share) / 100;
    pen.drawImage(other.canvas, cut, 0, other.canvas.width - cut, other.canvas.height, at, 0, wide - at, high);
    pen.fillStyle = INK;
    pen.fillRect(at - 2, 0, 4, high);
    tag(other.tags[0], at - unit, high - 3.4 * unit, "right");
    tag(other.tags[1], at + unit, high - 3.4 * unit, "left");
  }
  const metres = roundLength(metresAcross(map, Math.min(wide / 3, 14 * unit)));
  const long = metres / metresAcross(map, 1);
  pen.fillStyle = "#fff";
  pen.fillRect(0, high - 2.6 * unit, long + unit * 1.6, 2.6 * unit);
  pen.fillStyle = INK;
  pen.fillRect(0.8 * unit, high - 0.9 * unit, long, 0.3 * unit);
  for (const end of [0.8 * unit, 0.8 * unit + long - 2]) pen.fillRect(end, high - 1.4 * unit, 2, 0.8 * unit);
  pen.font = `600 ${unit}px "Be Vietnam Pro", sans-serif`;
  pen.fillText(sayMetres(metres), 0.8 * unit + 4, high - 1.4 * unit);
  drawNorth(pen, wide - 2.2 * unit, 1.2 * unit, unit, words.northLetter);
  pen.strokeStyle = INK;
  pen.lineWidth = 2;
  pen.strokeRect(0, 0, wide, high);
}

/** A plan's north is always up: the map does not turn. */
function drawNorth(pen: CanvasRenderingContext2D, x: number, y: number, unit: number, letter: string): void {
  pen.fillStyle = "#fff";
  pen.beginPath(); pen.arc(x, y + 1.9 * unit, 2.1 * unit, 0, 7); pen.fill();
  pen.fillStyle = INK;
  pen.beginPath(); pen.moveTo(x, y); pen.lineTo(x + 0.8 * unit, y + 2.2 * unit); pen.lineTo(x, y + 1.7 * unit); pen.lineTo(x - 0.8 * unit, y + 2.2 * unit); pen.closePath(); pen.fill();
  pen.font = `700 ${1.2 * unit}px "Be Vietnam Pro", sans-serif`;
  pen.textAlign = "center";
  pen.fillText(letter, x, y + 3.5 * unit);
  pen.textAlign = "left";
}

interface Block { title: string; rows: { row: SheetRow; texts: string[] }[]; lines: number }

function layBlock(pen: CanvasRenderingContext2D, { title, rows }: SheetSection, wide: number): Block {
  const laid = rows.map((row) => ({ row, texts: wrap(pen, [row.code, row.words].filter(Boolean).join("  "), wide) }));
  return { title, rows: laid, lines: 1 + laid.reduce((sum, one) => sum + 0.3 + 0.7 * one.texts.length, 0) };
}

/** Draws a section of the legend; where the next may begin. */
function drawBlock(pen: CanvasRenderingContext2D, block: Block, x: number, top: number, unit: number): number {
  const line = LINE * unit;
  let y = top;
  pen.fillStyle = INK;
  pen.font = `600 ${unit}px "Be Vietnam Pro", sans-serif`;
  pen.fillText(block.title, x, y + unit);
  y += line;
  pen.font = `400 ${unit}px "Be Vietnam Pro", sans-serif`;
  for (const { row, texts } of block.rows) {
    drawSign(pen, row.sign, x, y + 0.1 * unit, unit);
    pen.fillStyle = INK;
    texts.forEach((text, i) => pen.fillText(text, x + 2.4 * unit, y + (1 + 0.7 * LINE * i) * unit));
    y += (0.3 + 0.7 * texts.length) * line;
  }
  return y + 0.8 * unit;
}

const token = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function drawSign(pen: CanvasRenderingContext2D, sign: Sign, x: number, y: number, unit: number): void {
  const [wide, high] = [1.7 * unit, 1.05 * unit];
  if (sign.kind === "icon") return pen.drawImage(signCanvas(sign.name), x + 0.2 * unit, y - 0.1 * unit, 1.3 * unit, 1.3 * unit);
  if (sign.kind === "walk") pen.drawImage(patternOf(sign.name), 0, 0, 16, 10, x, y, wide, high);
  else if (sign.kind === "fill") box(pen, sign.fill || "#E7EBEB", x, y, wide, high);
  else drawLayerSign(pen, sign.name, x, y, wide, high);
  pen.lineWidth = 1;
  pen.strokeStyle = token("--line-strong");
  pen.setLineDash([]);
  if (sign.kind !== "layer") pen.strokeRect(x, y, wide, high);
}

function box(pen: CanvasRenderingContext2D, fill: string, x: number, y: number, wide: number, high: number): void {
  pen.fillStyle = fill;
  pen.fillRect(x, y, wide, high);
}

/** The sign of a layer as the panel shows it: a line, a fill with its edge, or a hatching. */
function drawLayerSign(pen: CanvasRenderingContext2D, name: (Sign & { kind: "layer" })["name"], x: number, y: number, wide: number, high: number): void {
  const lines: Partial<Record<typeof name, [string, number[]]>> = { plan_lines: [token("--map-redline"), [6, 3]], parcels: [token("--line-strong"), []], units: [token("--ink-2"), [6, 3]] };
  const fills: Partial<Record<typeof name, string[]>> = {
    zoning: ["--z-no", "--z-tm", "--z-cx"].map(token), land_use: ["--z-no", "--z-tm", "--z-cx"].map(token), sidewalks: [token("--map-walk")], buildings: ["#DCD8CE"],
    roads: ["#fff"], water: ["#BFDDE6"], permits: [token("--act-soft")], overlays: ["#fff"], bands: [token("--local-soft")], density: HEAT_COLOURS,
  };
  const line = lines[name];
  pen.lineWidth = line ? 2 : 1;
  pen.strokeStyle = line ? line[0] : name === "permits" ? token("--act") : name === "overlays" ? "#6A4C93" : token(name === "bands" ? "--local" : "--line-strong");
  pen.setLineDash(line ? line[1] : name === "overlays" || name === "bands" ? [3, 2] : []);
  if (line) {
    pen.beginPath(); pen.moveTo(x, y + high / 2); pen.lineTo(x + wide, y + high / 2); pen.stroke();
    return;
  }
  const parts = fills[name] ?? ["#fff"];
  parts.forEach((fill, i) => box(pen, fill, x + (wide * i) / parts.length, y, wide / parts.length, high));
  pen.strokeRect(x, y, wide, high);
  if (name !== "permits") return;
  pen.beginPath();
  for (let at = 0; at < wide; at += high / 2) { pen.moveTo(x + at, y + high); pen.lineTo(Math.min(x + wide, x + at + high), y + Math.max(0, at + high - wide)); }
  pen.stroke();
}

function penOf(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const pen = canvas.getContext("2d");
  if (!pen) throw new Error("no canvas");
  return pen;
}

/** The words of a line in as many rows as its width asks for, measured with the pen's letters. */
function wrap(pen: CanvasRenderingContext2D, text: string, most: number): string[] {
  const rows: string[] = [];
  for (const word of text.split(" ")) {
    const longer = rows.length ? `${rows.at(-1)} ${word}` : word;
    if (rows.length && pen.measureText(longer).width <= most) rows[rows.length - 1] = longer;
    else rows.push(word);
  }
  return rows;
}

function toBlob(canvas: HTMLCanvasElement, type: string, quality?: number): Promise<Blob> {
  return new Promise((resolve, reject) => canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("no picture"))), type, quality));
}

function save(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
