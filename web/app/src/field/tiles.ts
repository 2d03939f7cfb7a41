// Which map tiles cover a ward, so that the phone can fetch them before the network is gone. Pure (slippy-map numbering).

/** The cache of kept tiles: filled by the shift, answered from by the service worker. */
export const TILE_CACHE = "viahe-ward";

export interface Tile {
  z: number;
  x: number;
  y: number;
}

export type Bounds = readonly [number, number, number, number];

/** Every tile of the zooms that touches the bounds (west, south, east, north in degrees), coarse ones first. */
export function tilesOver(bounds: Bounds, zooms: readonly number[], most: number): Tile[] {
  const found: Tile[] = [];
  for (const z of zooms) {
    const [west, north] = cell(bounds[0], bounds[3], z);
    const [east, south] = cell(bounds[2], bounds[1], z);
    for (let x = west; x <= east; x++) for (let y = north; y <= south; y++) {
      if (found.length >= most) return found;
      found.push({ z, x, y });
    }
  }
  return found;
}

function cell(lon: number, lat: number, z: number): [number, number] {
  const side = 2 ** z;
  const sine = Math.sin((Math.max(-85, Math.min(85, lat)) * Math.PI) / 180);
  const x = Math.floor(((lon + 180) / 360) * side);
  const y = Math.floor((0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) * side);
  const inside = (value: number): number => Math.max(0, Math.min(side - 1, value));
  return [inside(x), inside(y)];
}

export function fill(template: string, tile: Tile): string {
  return template.replace("{z}", String(tile.z)).replace("{x}", String(tile.x)).replace("{y}", String(tile.y));
}
