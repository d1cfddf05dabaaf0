import { expect, it } from "vitest";
import { tookOf } from "./duration";

it("says no time of an exchange that nobody saw end", () => {
  const one = { status: null, through_browser: false, duration_us: 0 };
  expect(tookOf(one)).toBe("");
  expect(tookOf({ ...one, status: 302, through_browser: true })).toBe("");
  // One that failed took as long as it took, and an answer may be quick.
  expect(tookOf({ ...one, duration_us: 41_000 })).toBe("41 ms");
  expect(tookOf({ ...one, status: 200 })).toBe("0.0 ms");
});
