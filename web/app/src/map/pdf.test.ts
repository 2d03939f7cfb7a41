import { describe, expect, it } from "vitest";
import { makePdf } from "./pdf";

describe("a page with a picture", () => {
  const jpeg = new Uint8Array([0xff, 0xd8, 1, 2, 3, 0xff, 0xd9]);
  const text = new TextDecoder("latin1").decode(makePdf({ jpeg, widthPx: 1440, heightPx: 900, title: "Bản đồ" }));

  it("lies as the picture does", () => {
    expect(text).toContain("/MediaBox[0 0 842 595]");
    expect(new TextDecoder("latin1").decode(makePdf({ jpeg, widthPx: 390, heightPx: 844, title: "" }))).toContain("/MediaBox[0 0 595 842]");
  });

  it("says where each of its objects begins", () => {
    const table = text.slice(text.indexOf("xref\n0 7")).split("\n").slice(3, 9);
    table.forEach((line, index) => expect(text.slice(Number(line.slice(0, 10))).startsWith(`${index + 1} 0 obj`)).toBe(true));
    expect(text.slice(Number(/startxref\n(\d+)/.exec(text)?.[1])).startsWith("xref")).toBe(true);
  });

  it("holds the picture byte for byte and its title in any script", () => {
    expect(text).toContain(`/Length ${jpeg.length}>>\nstream\n${String.fromCharCode(...jpeg)}\nendstream`);
    expect(text).toContain("<FEFF00421EA3006E002001111ED3>");
  });
});
