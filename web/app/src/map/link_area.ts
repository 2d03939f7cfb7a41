// The area of a link to the map: corners as a flexible polyline, the same as the server reads (`geo/link_area.py`). Pure.

/** Longitude and latitude in degrees. */
export type Corner = [lon: number, lat: number];

export const MOST_CORNERS = 100;
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const VERSION = 1;
const DECIMALS = 6; // of a degree: a decimetre
const LONGEST = 2_000;

/** The format writes latitude first. The last corner is not the first again. */
export function writeArea(corners: readonly Corner[]): string {
  const steps = [VERSION, DECIMALS];
  let [north, east] = [0, 0];
  for (const [lon, lat] of corners) {
    const [up, right] = [Math.round(lat * 10 ** DECIMALS), Math.round(lon * 10 ** DECIMALS)];
    steps.push(zigzag(up - north), zigzag(right - east));
    [north, east] = [up, right];
  }
  return steps.map(writeNumber).join("");
}

/** The corners of a text, or null where it is none: what else an area must be, the server says. */
export function readArea(text: string): Corner[] | null {
  const numbers = text.length <= LONGEST ? readNumbers(text) : null;
  const [version, decimals = 99] = numbers ?? [];
  if (!numbers || version !== VERSION || decimals > 15 || numbers.length % 2) return null;
  const corners: Corner[] = [];
  let [north, east] = [0, 0];
  for (let at = 2; at < numbers.length; at += 2) {
    north += unzigzag(numbers[at] as number);
    east += unzigzag(numbers[at + 1] as number);
    corners.push([east / 10 ** decimals, north / 10 ** decimals]);
  }
  const isOnEarth = corners.every(([lon, lat]) => Math.abs(lon) <= 180 && Math.abs(lat) <= 90);
  return corners.length >= 3 && isOnEarth ? corners : null;
}

// Numbers pass 32 bits: no bit operators on the whole of them.
const zigzag = (step: number): number => (step < 0 ? -2 * step - 1 : 2 * step);
const unzigzag = (number: number): number => (number % 2 ? -(number + 1) / 2 : number / 2);

function writeNumber(number: number): string {
  let letters = "";
  for (; number > 31; number = Math.floor(number / 32)) letters += ALPHABET.charAt((number % 32) + 32);
  return letters + ALPHABET.charAt(number);
}

function readNumbers(text: string): number[] | null {
  const numbers: number[] = [];
  let [number, weight] = [0, 1];
  for (const letter of text) {
    const place = ALPHABET.indexOf(letter);
    if (place < 0 || weight > 2 ** 45) return null;
    number += (place % 32) * weight;
    weight *= 32;
    if (place < 32) { numbers.push(number); [number, weight] = [0, 1]; }
  }
  return weight === 1 ? numbers : null;
}

/** A closed outline in GeoJSON. */
export function toPolygon(corners: readonly Corner[]): GeoJSON.Polygon {
  return { type: "Polygon", coordinates: [[...corners, corners[0] as Corner]] };
}

/** West, south, east, north. */
export function boundsOf(corners: readonly Corner[]): [number, number, number, number] {
  const [lons, lats] = [corners.map(([lon]) => lon), corners.map(([, lat]) => lat)];
  return [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)];
}

export interface Typed {
  corners: Corner[];
  /** The number of the first line that holds no corner; 0 is none. */
  badLine: number;
  /** Longitude was written first. */
  isTurned: boolean;
}

/**
 * Corners as people write them, one a line: latitude, longitude, with a decimal point or comma. Longitude first is understood
 * where only that lies inside the city, and said.
 */
export function readTyped(text: string, [west, south, east, north]: readonly [number, number, number, number]): Typed {
  const pairs: [number, number][] = [];
  for (const [index, line] of text.split("\n").entries()) {
    if (!line.trim()) continue;
    const numbers = readPair(line);
    if (!numbers) return { corners: [], badLine: index + 1, isTurned: false };
    pairs.push(numbers);
  }
  const isInside = ([lon, lat]: Corner): boolean => lon >= west && lon <= east && lat >= south && lat <= north;
  const [latFirst, lonFirst] = [pairs.map(([first, second]): Corner => [second, first]), pairs];
  const isTurned = pairs.length > 0 && !latFirst.some(isInside) && lonFirst.every(isInside);
  return { corners: isTurned ? lonFirst : latFirst, badLine: 0, isTurned };
}

/** Two numbers; "10,78 106,69" has commas for points, "10.78,106.69" one between them. */
function readPair(line: string): [number, number] | null {
  const found = line.includes(".") ? line.match(/-?\d+(\.\d+)?/g) : line.match(/-?\d+(,\d+)?/g);
  const rest = line.replaceAll(/-?\d+([.,]\d+)?/g, "").replaceAll(/[\s,;·°]/g, "");
  const [first, second, ...more] = (found ?? []).map((one) => Number(one.replace(",", ".")));
  if (first === undefined || second === undefined || more.length || rest || Math.abs(first) > 180 || Math.abs(second) > 180) return null;
  return [first, second];
}

export function typeOut(corners: readonly Corner[]): string {
  return corners.map(([lon, lat]) => `${lat.toFixed(DECIMALS)}, ${lon.toFixed(DECIMALS)}`).join("\n");
}
