import { describe, expect, it } from "vitest";
import { ACCESS, token } from "../host/fake/tokens";
import { bytes, clock, count, middleCut, roughly, span, took } from "./duration";
import { moment, relative } from "./time";
import { tokenState } from "./token";

describe("durations", () => {
  it.each([
    [291, "4:51", "4 min 51 s"],
    [42, "0:42", "42 s"],
    [3594, "59:54", "59 min 54 s"],
    [3607, "1:00:07", "1 h"],
    [7500, "2:05:00", "2 h 5 min"],
    [90_000, "1 d 1 h", "1 d 1 h"],
    [0, "0:00", "0 s"],
    [-3, "0:00", "0 s"],
  ])("%d s", (seconds, asClock, asSpan) => {
    expect([clock(seconds), span(seconds)]).toEqual([asClock, asSpan]);
  });

  it("says measured times with a fitting unit", () => {
    expect([took(400), took(41_000), took(6_100_000), took(125_000_000)]).toEqual(["0.4 ms", "41 ms", "6.1 s", "2 min 5 s"]);
  });

  it("says sizes, counts and the largest unit", () => {
    expect([bytes(812), bytes(1312), bytes(2_000_000), roughly(7300), count(1, "finding"), count(1200, "step")]).toEqual([
      "812 B",
      "1.3 kB",
      "2.0 MB",
      "2 h",
      "1 finding",
      "1,200 steps",
    ]);
  });

  it("cuts in the middle and never lengthens", () => {
    expect(middleCut("7c57d1f0-3a52-4c8e-9e61-b2a7f04e498d", 13)).toBe("7c57d1f0…498d");
    expect(middleCut("short", 13)).toBe("short");
  });
});

describe("moments", () => {
  const now = Date.UTC(2026, 10, 20, 13, 2, 18);
  it("is relative, UTC or epoch", () => {
    expect(moment(now + 291_000, "relative", now, "UTC+1")).toBe("in 4 min 51 s");
    expect(moment(now, "utc", now, "UTC+1")).toBe("13:02:18 UTC");
    expect(moment(now - 86_400_000, "utc", now, "UTC+1")).toBe("19 Nov 13:02:18 UTC");
    expect(moment(now, "epoch", now, "UTC+1")).toBe("1795179738");
  });
  it("names the zone of local times", () => {
    expect(moment(now, "local", now, "UTC+1")).toMatch(/^\d\d:\d\d:18 UTC\+1$/);
  });
  it("says past and present", () => {
    expect([relative(now - 120_000, now), relative(now, now)]).toEqual(["2 min ago", "now"]);
  });
});

describe("standing of a token", () => {
  const now = 1_000_000_000_000;
  const exp = (left: number) => now / 1000 + left;
  it.each([
    ["valid", { expires_at: exp(291) }, "4:51"],
    ["expiring", { expires_at: exp(42) }, "0:42"],
    ["expiring", { expires_at: exp(60) }, "1:00"],
    ["expired", { expires_at: exp(0) }, "expired"],
    ["expired", { expires_at: exp(-7300) }, "expired"],
    [
      "bad",
      {
        expires_at: exp(291),
        verification: {
          state: "bad_signature" as const,
          key: { kid: "", alg: "", kind: "", source: "", read_ms: null },
          reason: "",
        },
      },
      "signature bad",
    ],
    ["bad", { verification: { state: "unsecured" as const } }, "not signed"],
    [
      "unverified",
      { format: "opaque" as const, expires_at: null, verification: { state: "unverifiable" as const, reason: "" } },
      "opaque",
    ],
    [
      "valid",
      {
        format: "opaque" as const,
        active: true,
        expires_at: exp(291),
        verification: { state: "unverifiable" as const, reason: "" },
      },
      "4:51",
    ],
    ["unverified", { active: true, expires_at: exp(291), verification: { state: "unverifiable" as const, reason: "" } }, "4:51"],
    [
      "unverified",
      {
        format: "opaque" as const,
        active: true,
        evidence_only: true,
        expires_at: exp(291),
        verification: { state: "unverifiable" as const, reason: "" },
      },
      "evidence",
    ],
    ["expired", { active: false, expires_at: exp(291) }, "not active"],
    ["valid", { evidence_only: true, expires_at: exp(291) }, "evidence"],
  ])("%s: %j", (standing, some, life) => {
    const state = tokenState(token("t", some), now);
    expect([state.standing, state.life]).toEqual([standing, life]);
    expect(state.word).not.toBe("");
  });

  it("keeps a bad signature bad after it expired", () => {
    expect(tokenState({ ...ACCESS, expires_at: exp(-1), verification: { state: "unsecured" } }, now).standing).toBe("bad");
  });
});
