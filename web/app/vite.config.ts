/// <reference types="vitest/config" />
import { readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { gzipAsync } from "@gfx/zopfli";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig, type Plugin } from "vite";

const OUT = new URL("../static/app/", import.meta.url).pathname;
const WORTH_PACKING = /\.(js|mjs|css|svg)$/;

// Django serves the built files as they lie: each has its packed twins beside it, made once here with more care than a
// server could spend on every answer (gzip by zopfli is 4 % smaller than gzip -9).
function pack(): Plugin {
  return {
    name: "pack",
    apply: "build",
    async closeBundle() {
      const files = await readdir(OUT, { recursive: true });
      for (const name of files.filter((file) => WORTH_PACKING.test(file))) {
        const path = join(OUT, name);
        const bytes = await readFile(path);
        await writeFile(`${path}.gz`, await gzipAsync(bytes, { numiterations: 5 }));
        await writeFile(`${path}.br`, brotliCompressSync(bytes));
      }
    },
  };
}

export default defineConfig({
  base: "/static/app/",
  plugins: [svelte(), pack()],
  worker: { format: "es" },
  build: {
    outDir: OUT,
    emptyOutDir: true,
    manifest: "manifest.json",
    target: "es2022",
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1500,
    reportCompressedSize: false,
    rollupOptions: { input: "src/main.ts" },
  },
  test: { environment: "node", include: ["src/**/*.test.ts"] },
});
