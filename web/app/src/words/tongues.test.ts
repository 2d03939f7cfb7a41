import { describe, expect, it } from "vitest";
import { splitTongues, tongueOf } from "./tongues";

const CITED = "165/2024/NĐ-CP, Điều 21 khoản 1 (bản sửa đổi) (Five groups of permitted use), in force since 01/07/2026";

describe("the language of parts", () => {
  it("is told where it is not the page's", () => {
    expect(splitTongues(CITED, "en")).toEqual([
      { text: "165/2024/NĐ-CP, Điều 21 khoản 1 (bản sửa đổi) (", lang: "vi" }, { text: "Five groups of permitted use), in force since 01/07/2026" },
    ]);
    expect(splitTongues("a picture · Ảnh vệ tinh 2024", "en")).toEqual([{ text: "a picture · " }, { text: "Ảnh vệ tinh 2024", lang: "vi" }]);
  });
  it("loses no letter", () => expect(splitTongues(CITED, "en").map(({ text }) => text).join("")).toBe(CITED));
  it("needs no words on a Vietnamese page, nor without Vietnamese", () => {
    expect(splitTongues(CITED, "vi")).toEqual([{ text: CITED }]);
    expect(splitTongues("Chapter 40A, section 3", "en")).toEqual([{ text: "Chapter 40A, section 3" }]);
  });
  it("is found in letters that are put together of two", () => expect([tongueOf("Điều".normalize("NFD")), tongueOf("Section")]).toEqual(["vi", undefined]));
});
