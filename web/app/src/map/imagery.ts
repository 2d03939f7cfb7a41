// The pictures of the ground that a city has up to a day, and drawing one of them below the plan's lines.
import type { Map as MapLibre } from "maplibre-gl";
import { send } from "../api/client";

export interface Picture {
  id: string;
  title: string;
  taken_on: string | null;
  source: string;
  licence: string;
  tiles: string[];
  bounds: [number, number, number, number];
  minzoom: number;
  maxzoom: number;
}

/** The picture that belongs to the other side of a comparison: the one asked for, else the newest that its day knows. */
export function pairPicture(chosen: string, asked: string, known: readonly Picture[]): Picture | undefined {
  return chosen ? (known.find((one) => one.id === asked) ?? known[0]) : undefined;
}

const ABOVE = "zoning-edge";

export async function listPictures(city: string, on: string): Promise<Picture[]> {
  const query = new URLSearchParams({ city, ...(on ? { on } : {}) });
  return ((await send("GET", `/imagery.json?${query}`)) as { imagery: Picture[] }).imagery;
}

export function drawPicture(map: MapLibre, picture: Picture | undefined, opacity: number): void {
  const id = "imagery";
  const drawn = map.getLayer(id)?.metadata as { picture?: string } | undefined;
  if (map.getLayer(id) && drawn?.picture !== picture?.id) {
    map.removeLayer(id);
    map.removeSource(id);
  }
  if (!picture) return;
  if (!map.getSource(id)) {
    map.addSource(id, { type: "raster", tiles: picture.tiles, tileSize: 256, bounds: picture.bounds, minzoom: picture.minzoom, maxzoom: picture.maxzoom });
    const before = map.getLayer(ABOVE) ? ABOVE : undefined;
    map.addLayer({ id, type: "raster", source: id, metadata: { picture: picture.id } }, before);
  }
  map.setPaintProperty(id, "raster-opacity", opacity);
}
