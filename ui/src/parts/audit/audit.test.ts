import { describe, expect, it } from "vitest";
import type { AuditRow, Bin } from "../../wire/types";
import { columns, filled, moveEnd, place, rangeBetween, span } from "./histogram";
import { asText, joinedWords } from "./rows";
import { axisTime, fullTime, rowTime } from "./times";

const bins: Bin[] = [0, 1, 2, 3].map((n) => ({ from_ms: n * 1000, steps: n, events: 0, errors: n === 3 ? 1 : 0 }));
const step: AuditRow = {
  profile: "lab",
  key: "step:12",
  time_ms: Date.UTC(2026, 10, 20, 13, 2, 18, 402),
  step: 12,
  is_event: false,
  operation: "Token exchange",
  subject: "alice",
  client: "portal",
  audience: "orders|api",
  outcome: "success",
  outcome_text: "200",
  joined_by: null,
  duration_us: 41_000,
};
const event: AuditRow = {
  ...step,
  key: "event:7d",
  is_event: true,
  operation: "TOKEN_EXCHANGE",
  joined_by: "token_id",
  outcome_text: "",
  duration_us: null,
};

describe("the histogram", () => {
  it("stands events on steps and marks errors", () => {
    const bars = columns(
      [
        { from_ms: 0, steps: 1, events: 2, errors: 0 },
        { from_ms: 1, steps: 0, events: 0, errors: 1 },
      ],
      100,
    );
    expect(bars.map((bar) => [bar.x, bar.ours, bar.theirs, bar.errors])).toEqual([
      [0, 11, 33, false],
      [50, 0, 0, true],
    ]);
  });

  it("fills the gaps the backend leaves out, and starts early enough to be an axis", () => {
    const gappy = filled(
      [
        { from_ms: 0, steps: 1, events: 0, errors: 0 },
        { from_ms: 40_000, steps: 2, events: 0, errors: 0 },
      ],
      1000,
    );
    expect([gappy.length, gappy[0]?.steps, gappy[1]?.steps, gappy[40]?.steps]).toEqual([41, 1, 0, 2]);
    const one = filled([{ from_ms: 90_000, steps: 1, events: 0, errors: 0 }], 1000);
    expect([one.length, one[0]?.from_ms, one.at(-1)?.steps]).toEqual([30, 61_000, 1]);
    expect(filled([], 1000)).toEqual([]);
  });

  it("chooses whole bins whichever way it is dragged", () => {
    expect(rangeBetween(0.3, 0.6, bins, 1000)).toEqual({ from: 1000, to: 3000 });
    expect(rangeBetween(0.6, 0.3, bins, 1000)).toEqual({ from: 1000, to: 3000 });
    expect(rangeBetween(1, 1, bins, 1000)).toEqual({ from: 3000, to: 4000 });
    expect(rangeBetween(0, 1, [], 1000)).toBeNull();
  });

  it("moves an end by bins and never past the other", () => {
    const whole = span(bins, 1000) ?? { from: 0, to: 0 };
    expect(whole).toEqual({ from: 0, to: 4000 });
    expect(moveEnd(whole, "from", 2, whole, 1000)).toEqual({ from: 2000, to: 4000 });
    expect(moveEnd({ from: 2000, to: 3000 }, "from", 5, whole, 1000)).toEqual({ from: 2000, to: 3000 });
    expect(moveEnd({ from: 2000, to: 3000 }, "to", 5, whole, 1000)).toEqual({ from: 2000, to: 4000 });
    expect(place(9000, whole, 100)).toBe(100);
  });
});

describe("the rows", () => {
  it("say what joined them", () => {
    expect(
      [step, event, { ...event, joined_by: null, step: null }, { ...event, joined_by: "reading" as const, step: null }].map(
        joinedWords,
      ),
    ).toEqual(["step 12", "token id", "not ours", "by Claimscope"]);
  });

  it("become a table that stands alone", () => {
    expect(asText([step, event])).toBe(
      [
        "| Time (UTC) | Operation | Subject | Client | Audience | Outcome | Joined by | Duration |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
        "| 2026-11-20T13:02:18.402Z | Token exchange | alice | portal | orders\\|api | 200 | step 12 | 41 ms |",
        "| 2026-11-20T13:02:18.402Z | event TOKEN_EXCHANGE | alice | portal | orders\\|api | success | step 12 by token id |  |",
      ].join("\n"),
    );
  });
});

describe("the times", () => {
  const now = Date.UTC(2026, 10, 20, 15, 0, 0);
  it("name the day only when it is another one", () => {
    expect(rowTime(step.time_ms, true, now)).toBe("13:02:18.402");
    expect(rowTime(step.time_ms - 86_400_000, true, now)).toBe("19 Nov 13:02");
    expect(fullTime(step.time_ms, true)).toBe("20 Nov 2026 13:02:18.402");
  });
  it.each([
    [60_000, "13:02:18"],
    [3_600_000, "13:02"],
    [90_000_000, "20 Nov 13:02"],
    [1e9, "20 Nov"],
  ])("fit an axis of %d ms", (length, words) => {
    expect(axisTime(step.time_ms, true, length)).toBe(words);
  });
});
