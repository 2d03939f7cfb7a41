// The three verdicts and the case pins, drawn to be told apart without colour at 14 px. Colours come from the page's tokens.
import type { Map as MapLibre } from "maplibre-gl";

const SIZE = 44;
type Draw = (pen: CanvasRenderingContext2D, middle: number) => void;

function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function draw(paint: Draw): ImageData {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIZE;
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  if (!pen) throw new Error("no canvas");
  pen.lineWidth = 3;
  paint(pen, SIZE / 2);
  return pen.getImageData(0, 0, SIZE, SIZE);
}

function letter(pen: CanvasRenderingContext2D, words: string, colour: string, y = 0, size = 24): void {
  pen.setLineDash([]);
  pen.fillStyle = colour;
  pen.font = `700 ${size}px "Be Vietnam Pro", sans-serif`;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.fillText(words, SIZE / 2, SIZE / 2 + 1 + y);
}

const flagged: Draw = (pen, m) => {
  pen.beginPath();
  pen.moveTo(m, 3); pen.lineTo(SIZE - 3, m); pen.lineTo(m, SIZE - 3); pen.lineTo(3, m); pen.closePath();
  pen.fillStyle = token("--flag"); pen.fill();
  pen.strokeStyle = token("--paper"); pen.stroke();
  letter(pen, "!", token("--paper"));
};

const undetermined: Draw = (pen, m) => {
  pen.beginPath(); pen.arc(m, m, m - 3, 0, 7); pen.fillStyle = token("--paper"); pen.fill();
  pen.beginPath(); pen.setLineDash([8, 5]); pen.lineWidth = 4; pen.arc(m, m, m - 6, 0, 7);
  pen.strokeStyle = token("--undet"); pen.stroke();
  letter(pen, "?", token("--undet"));
};

const compliant: Draw = (pen) => {
  pen.fillStyle = token("--paper"); pen.fillRect(5, 5, SIZE - 10, SIZE - 10);
  pen.strokeStyle = token("--ok"); pen.lineWidth = 4; pen.strokeRect(7, 7, SIZE - 14, SIZE - 14);
  pen.beginPath(); pen.moveTo(14, 23); pen.lineTo(20, 29); pen.lineTo(31, 16); pen.stroke();
};

const camera: Draw = (pen, m) => {
  pen.beginPath(); pen.arc(m, m, 16, 0, 7); pen.fillStyle = token("--local"); pen.fill();
  pen.strokeStyle = token("--paper"); pen.stroke();
  pen.fillStyle = token("--paper"); pen.fillRect(m - 9, m - 5, 12, 10);
  pen.beginPath(); pen.moveTo(m + 4, m); pen.lineTo(m + 10, m - 5); pen.lineTo(m + 10, m + 5); pen.closePath(); pen.fill();
};

function pin(state: "open" | "late" | "closed"): Draw {
  return (pen, m) => {
    const shape = new Path2D("M22 42S8 28 8 17a14 14 0 0 1 28 0C36 28 22 42 22 42z");
    const [fill, ink] = state === "closed" ? ["--paper", "--ink"] : ["--ink", "--paper"];
    pen.fillStyle = token(fill); pen.fill(shape);
    pen.strokeStyle = token(state === "late" ? "--late" : ink); pen.lineWidth = state === "late" ? 6 : 3; pen.stroke(shape);
    if (state === "late") letter(pen, "!", token(ink), -6, 20);
    else if (state === "open") { pen.beginPath(); pen.arc(m, 17, 4.5, 0, 7); pen.fillStyle = token(ink); pen.fill(); }
    else { pen.strokeStyle = token(ink); pen.lineWidth = 3; pen.beginPath(); pen.moveTo(16, 17); pen.lineTo(20, 21); pen.lineTo(28, 12); pen.stroke(); }
  };
}

const SIGNS: Record<string, Draw> = {
  flagged, undetermined, compliant, camera, "case-open": pin("open"), "case-late": pin("late"), "case-closed": pin("closed"),
};

export function addSigns(map: MapLibre): void {
  for (const [name, paint] of Object.entries(SIGNS)) {
    if (map.hasImage(name)) map.removeImage(name);
    map.addImage(name, draw(paint), { pixelRatio: 2 });
  }
}

/** The same sign as a picture for the list and the legend. */
export function signUrl(name: string): string {
  return signCanvas(name).toDataURL();
}

export function signCanvas(name: string): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIZE;
  const paint = SIGNS[name];
  const pen = canvas.getContext("2d");
  if (pen && paint) { pen.lineWidth = 3; paint(pen, SIZE / 2); }
  return canvas;
}
