// The style of the map, asked for as soon as it is known which city: while the map library still travels.
import type { StyleSpecification } from "maplibre-gl";
import { send } from "../api/client";

const asked = new Map<string, Promise<StyleSpecification>>();

export function styleAddress(city: string, theme: string, on: string): string {
  return `/tiles/style.json?${new URLSearchParams({ city, theme, ...(on ? { on } : {}) })}`;
}

/** The style of an address; what was asked for early is taken once. */
export function fetchStyle(address: string): Promise<StyleSpecification> {
  const early = asked.get(address);
  asked.delete(address);
  return early ?? (send("GET", address) as Promise<StyleSpecification>);
}

export function askEarly(address: string): void {
  const asking = send("GET", address) as Promise<StyleSpecification>;
  asking.catch(() => asked.delete(address));
  asked.set(address, asking);
}

/** The same style with nothing drawn but the base map, so that its tiles come first. */
export function onlyBase(style: StyleSpecification, base: string): StyleSpecification {
  const hide = (layer: StyleSpecification["layers"][number]): typeof layer =>
    "source" in layer && layer.source !== base && !layer.source.startsWith("city-") ? ({ ...layer, layout: { ...layer.layout, visibility: "none" } } as typeof layer) : layer;
  return { ...style, layers: style.layers.map(hide) };
}
