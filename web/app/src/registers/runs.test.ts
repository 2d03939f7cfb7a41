import { describe, expect, it } from "vitest";
import { isAtWork, issueFile, shareRead, shareWithdrawn, type Run } from "./runs";

const RUN: Run = {
  id: 7, source: "parcels", city: "hcmc", register: "parcel", state: "staging", file_name: "a.gpkg", rows_read: 50, rows_in_file: 200, sent_by: "", is_drawn: false,
  source_on: "2026-11-22", started_at: "", finished_at: null, counts: { withdrawn: 30, listed: 120 }, message: "", decided_by: "", may_decide: false,
};

describe("a run", () => {
  it.each([
    ["received", false, true], ["staging", false, true], ["confirmed", false, true], ["done", false, true], ["done", true, false], ["waiting", false, false], ["refused", false, false],
  ] as const)("%s, drawn %s, is at work: %s", (state, isDrawn, answer) => expect(isAtWork({ ...RUN, state, is_drawn: isDrawn })).toBe(answer));

  it("knows its shares, and when it does not", () => {
    expect([shareRead(RUN), shareRead({ ...RUN, rows_in_file: 0 }), shareWithdrawn(RUN)]).toEqual([0.25, null, 0.25]);
    expect(shareWithdrawn({ ...RUN, counts: {} })).toBe(0);
  });

  it("gives its faults as a file in the reader's language", () =>
    expect(issueFile({ city: "", source: "", fault: "no_key", action: "", load: "7" }, "csv", "vi")).toBe("/api/v1/register-issues/file?fault=no_key&load=7&form=csv&lang=vi"));
});
