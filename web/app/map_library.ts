// The map library built from its own sources, so that its page and its worker share their common half. Its ready-made files
// hold that half twice, which on a slow network is a second more before the map can be used. What we never draw is left out.
import { readFileSync } from "node:fs";
import { transformWithOxc, type Plugin } from "vite";

const ROOT = new URL("./node_modules/maplibre-gl/", import.meta.url).pathname;
const ENTRY = `${ROOT}src/index.ts`;
const WORKER = `${ROOT}src/source/worker.ts`;
const WORKER_ADDRESS = "virtual:map-worker";
const OWN_START = new URL("./src/map/map_worker.ts", import.meta.url).pathname;
// Tiles of this project are Mapbox vector tiles; the decoder of the other format is a fifth of the worker.
const OTHER_TILES = "@maplibre/mlt";
const NO_OTHER_TILES = `
export const GEOMETRY_TYPE = {};
export function decodeTile() { throw new Error("MapLibre tiles are not read here: serve Mapbox vector tiles"); }
`;

/** Resolves `maplibre-gl` to its sources, and `virtual:map-worker` to the address of its worker in the build. */
export function mapLibrary(): Plugin {
  const { version } = JSON.parse(readFileSync(`${ROOT}package.json`, "utf8")) as { version: string };
  return {
    name: "map-library",
    apply: "build",
    enforce: "pre",
    resolveId(id, importer) {
      if (id === "maplibre-gl") return ENTRY;
      if (id === "./web_worker.ts" && importer?.startsWith(ROOT)) return OWN_START; // how a worker is started is ours to say
      if (id === WORKER_ADDRESS || id === OTHER_TILES) return `\0${id}`;
      if (importer?.startsWith(ROOT) && id.endsWith("/package.json")) return "\0map-library-version";
      return null;
    },
    // Its classes name fields that their base class has set already: such a name alone must not empty them.
    transform(code, id) {
      if (!id.startsWith(ROOT) || !id.endsWith(".ts")) return null;
      return transformWithOxc(code, id, { assumptions: { setPublicClassFields: true }, typescript: { removeClassFieldsWithoutInitializer: true } });
    },
    load(id) {
      if (id === `\0${OTHER_TILES}`) return NO_OTHER_TILES;
      if (id === "\0map-library-version") return `export default { version: ${JSON.stringify(version)} };`;
      if (id !== `\0${WORKER_ADDRESS}`) return null;
      const chunk = this.emitFile({ type: "chunk", id: WORKER, name: "map-worker" });
      return `export default import.meta.ROLLUP_FILE_URL_${chunk};`;
    },
  };
}
