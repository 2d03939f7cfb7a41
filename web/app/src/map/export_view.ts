// The view as a file: the map as drawn, with title, day, scale and whose data it is. PNG or one PDF page.
import type { Map as MapLibre } from "maplibre-gl";
import { makePdf } from "./pdf";

export interface Caption {
  title: string;
  lines: string[];
  metresWords: (metres: number) => string;
}

const PAD = 16;
const LINE = 20;
const SCALE_PX = 120;

/** Metres that a run of CSS pixels covers in the middle of the map. */
export function metresAcross(map: MapLibre, px: number): number {
  const { lat } = map.getCenter();
  return (px * 40_075_016.686 * Math.cos((lat * Math.PI) / 180)) / (512 * 2 ** map.getZoom());
}

export async function exportView(map: MapLibre, caption: Caption, kind: "png" | "pdf"): Promise<void> {
  const canvas = drawView(map, caption);
  const name = `${caption.title.replaceAll(/[^\p{L}\p{N}]+/gu, "-")}.${kind}`;
  if (kind === "png") return save(await toBlob(canvas, "image/png"), name);
  const jpeg = new Uint8Array(await (await toBlob(canvas, "image/jpeg", 0.92)).arrayBuffer());
  const bytes = makePdf({ jpeg, widthPx: canvas.width, heightPx: canvas.height, title: caption.title });
  save(new Blob([bytes as BlobPart], { type: "application/pdf" }), name);
}

function drawView(map: MapLibre, caption: Caption): HTMLCanvasElement {
  const source = map.getCanvas();
  const ratio = source.width / source.clientWidth;
  const canvas = document.createElement("canvas");
  const lines = caption.lines.flatMap((line) => wrap(line, Math.floor(source.clientWidth / 7)));
  const foot = PAD * 2 + LINE * (lines.length + 2);
  canvas.width = source.width;
  canvas.height = source.height + Math.round(foot * ratio);
  const pen = canvas.getContext("2d");
  if (!pen) throw new Error("no canvas");
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(source, 0, 0);
  pen.scale(ratio, ratio);
  pen.translate(PAD, source.clientHeight + PAD);
  pen.fillStyle = "#14212B";
  pen.font = '600 17px "Be Vietnam Pro", sans-serif';
  pen.fillText(caption.title, 0, 14);
  pen.font = '400 12px "Be Vietnam Pro", sans-serif';
  lines.forEach((line, index) => pen.fillText(line, 0, 14 + LINE * (index + 1)));
  const y = 14 + LINE * (lines.length + 1);
  pen.fillRect(0, y - 3, SCALE_PX, 3);
  pen.fillText(caption.metresWords(metresAcross(map, SCALE_PX)), SCALE_PX + 8, y);
  return canvas;
}

function wrap(line: string, most: number): string[] {
  const rows: string[] = [""];
  for (const word of line.split(" ")) {
    const last = rows[rows.length - 1] ?? "";
    if (last && last.length + word.length > most) rows.push(word);
    else rows[rows.length - 1] = last ? `${last} ${word}` : word;
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
