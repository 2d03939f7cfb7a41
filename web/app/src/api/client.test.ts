import { describe, expect, it } from "vitest";
import { address } from "./client";
import { kindOf, readFault } from "./fault";

describe("an address", () => {
  it("fills its parts and leaves empty values out", () => {
    const asked = { path: { flag_id: "a/b" }, query: { use: "parking", since: undefined, limit: 50, state: "" } };
    expect(address("/api/v1/flags/{flag_id}", asked)).toBe("/api/v1/flags/a%2Fb?use=parking&limit=50");
  });
});

describe("a fault", () => {
  it.each([
    [401, "expired"], [403, "refused"], [404, "missing"], [409, "conflict"], [412, "conflict"],
    [400, "wrong"], [422, "wrong"], [429, "busy"], [503, "busy"], [500, "broken"], [502, "broken"],
  ])("of status %i is %s", (status, kind) => expect(kindOf(status)).toBe(kind));

  it("carries the server's words and cure", async () => {
    const errors = [{ field: "to", value: "x", message: "Not from here.", cure: "Load again.", code: "conflict" }];
    const body = JSON.stringify({ type: "conflict", title: "Conflict", errors });
    const fault = await readFault(new Response(body, { status: 409, headers: { "Content-Type": "application/json" } }));
    expect([fault.kind, fault.message, fault.cure]).toEqual(["conflict", "Not from here.", "Load again."]);
  });

  it("of HTML where data was expected is told by its status, never parsed", async () => {
    const fault = await readFault(new Response("<h1>Bad gateway</h1>", { status: 502, headers: { "Content-Type": "text/html" } }));
    expect(fault.kind).toBe("broken");
    const page = new Response("<h1>hello</h1>", { status: 200, headers: { "Content-Type": "text/html" } });
    expect((await readFault(page)).kind).toBe("wrong");
  });
});
