import { expect, it } from "vitest";
import { startedAt } from "./worker_address";

it("starts the built script below the address that the service worker reaches", () => {
  expect(startedAt("/static/app/assets/map-worker-DIYMYaB6.js")).toBe("/app/map-worker/map-worker-DIYMYaB6.js");
  expect(startedAt("https://city.example/static/app/assets/map-worker-1.js")).toBe("/app/map-worker/map-worker-1.js");
});
