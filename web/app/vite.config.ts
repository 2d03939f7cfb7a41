/// <reference types="vitest/config" />
import { readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { gzipAsync } from "@gfx/zopfli";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig, type Plugin } from "vite";
import { VitePWA } from "vite-plugin-pwa";
import { mapLibrary } from "./map_library";

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
        await writeFile(`${path}.gz`, await gzipAsync(bytes, { numiterations: 12 }));
        await writeFile(`${path}.br`, brotliCompressSync(bytes));
      }
    },
  };
}

// The service worker of src/sw.ts with the list of built files; Django serves it at /app/sw.js, so that it reaches /app/.
function installable(): Plugin[] {
  return VitePWA({
    strategies: "injectManifest",
    srcDir: "src",
    filename: "sw.ts",
    injectRegister: false,
    manifestFilename: "app.webmanifest",
    manifest: {
      name: "Vỉa hè",
      short_name: "Vỉa hè",
      lang: "vi",
      start_url: "/app/",
      scope: "/app/",
      display: "standalone",
      orientation: "any",
      theme_color: "#0B5A60",
      background_color: "#FFFFFF",
      icons: [
        { src: "/static/web/icon-192.png", sizes: "192x192", type: "image/png" },
        { src: "/static/web/icon-512.png", sizes: "512x512", type: "image/png", purpose: "any maskable" },
      ],
    },
    injectManifest: {
      globPatterns: ["assets/**/*.{js,mjs,css,woff2,svg}"],
      modifyURLPrefix: { "": "/static/app/" },
      maximumFileSizeToCacheInBytes: 4_000_000,
      rollupFormat: "iife",
    },
  });
}

export default defineConfig({
  base: "/static/app/",
  plugins: [mapLibrary(), svelte(), installable(), pack()],
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
