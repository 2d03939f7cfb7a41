// Which tiles of a vector source a frame of the map needs, as the map library counts them (512 px a tile). Pure.
import { fill, type Tile } from "../field/tiles";
import { toWorld } from "./clusters";
import type { Frame } from "./link";

const TILE_PX = 512;

export interface TileSource {
  tiles?: string[];
  minzoom?: number;
  maxzoom?: number;
}

/** Addresses of the tiles under a frame of so many CSS pixels; none where the source draws nothing at that zoom. */
export function tilesInFrame({ tiles, minzoom = 0, maxzoom = 22 }: TileSource, { lon, lat, zoom }: Frame, { width, height }: { width: number; height: number }): string[] {
  const [template] = tiles ?? [];
  const z = Math.min(Math.floor(zoom), maxzoom);
  if (!template || z < minzoom) return [];
  const side = TILE_PX * 2 ** (zoom - z);
  const [x, y] = toWorld(lon, lat, zoom);
  const cells = (middle: number, span: number): number[] => {
    const [first, last] = [Math.floor((middle - span / 2) / side), Math.floor((middle + span / 2) / side)];
    return Array.from({ length: last - first + 1 }, (_, step) => first + step).filter((cell) => cell >= 0 && cell < 2 ** z);
  };
  return cells(y, height).flatMap((row) => cells(x, width).map((column): Tile => ({ z, x: column, y: row }))).map((tile) => fill(template, tile));
}
