import { describe, expect, it } from "vitest";
import { areaSize, day, figure, moment, number, percent, span, spread } from "./format";

const VI = { locale: "vi-VN", zone: "Asia/Ho_Chi_Minh" };
const EN = { locale: "en-GB", zone: "America/New_York" };

describe("figures", () => {
  it("have the decimal sign of the language", () => {
    expect(figure(1.1, 2, VI)).toBe("1,10");
    expect(figure(1.1, 2, EN)).toBe("1.10");
    expect(number(1014, 1, VI)).toBe("1.014");
    expect(percent(0.863, 1, VI)).toBe("86,3 %");
  });
});

describe("an error", () => {
  it.each([[0.0039, "dưới 0,01 m"], [0, "dưới 0,01 m"], [0.005, "± 0,01 m"], [0.254, "± 0,25 m"], [8, "± 8 m"]])("of %s m is never nothing", (metres, words) => {
    expect(spread(metres, VI, (limit) => `dưới ${limit}`).replaceAll("\u00a0", " ")).toBe(words);
  });
});

describe("an area", () => {
  it.each([[4900.4, "4.900 m²"], [12_345, "1,23 ha"], [1_250_000, "1,25 km²"]])("is told in the unit that people say", (m2, words) => expect(areaSize(m2, VI)).toBe(words));
});

describe("moments", () => {
  it("are told in the city's time zone, day first, by 24 hours", () => {
    expect(moment("2026-11-22T01:41:20Z", VI)).toBe("22/11/2026 08:41");
    expect(moment("2026-11-22T01:41:20Z", EN)).toBe("21/11/2026 20:41");
    expect(day("2026-11-22", EN)).toBe("22/11/2026");
    expect(moment("2026-11-21T17:05:00Z", VI)).toBe("22/11/2026 00:05");
  });
});

describe("spans", () => {
  it.each([[30, "1 minute"], [60 * 59, "59 minutes"], [3600 * 5, "5 hours"], [86400 * 3, "3 days"]])("%i s are %s", (seconds, said) =>
    expect(span(seconds, EN)).toBe(said));
});
