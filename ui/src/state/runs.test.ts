import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { FakeHost } from "../host/fake";
import { useHost } from "../host/host";
import { boot } from "../test/app";
import type { Draft } from "../wire/types";
import { runs } from "./runs.svelte";
import { session } from "./session.svelte";

const LOGIN: Draft = { operation: "log_in", profile: "lab", values: [], extra: [] };
let host: FakeHost;
let end: () => void;
const reads = () => host.calls.filter((one) => one.name === "read_events").length;

beforeEach(async () => {
  host = await boot();
  // A log in that lasts until the test ends it, at a server that notes a refusal meanwhile.
  const ended = new Promise<void>((done) => (end = done));
  useHost({
    ...host,
    call: async (name, args) => {
      if (name === "run") await ended;
      const answer = await host.call(name, args);
      return name === "read_events" ? ({ ...(answer as object), new: 1 } as typeof answer) : answer;
    },
  });
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("events while a step runs", () => {
  it("are read every two seconds, shown when they are errors, and no longer once it has ended", async () => {
    const running = runs.start(LOGIN, "Log in", []);
    await vi.advanceTimersByTimeAsync(1900);
    expect(reads()).toBe(0);
    await vi.advanceTimersByTimeAsync(4200);
    expect(reads()).toBe(3);
    expect(runs.noted.every((row) => row.is_event && row.outcome !== "success")).toBe(true);
    const query = host.calls.findLast((one) => one.name === "audit")?.args as { query: { chips: string[]; from_ms: number } };
    expect(query.query.chips).toEqual(["server_events"]);
    expect(query.query.from_ms).toBeLessThanOrEqual(Date.now() - 6000);
    end();
    await running;
    await vi.advanceTimersByTimeAsync(1);
    const after = reads();
    await vi.advanceTimersByTimeAsync(30_000);
    expect(reads()).toBe(after);
  });

  it("are not read at a provider without events", async () => {
    if (session.profile) session.profile = { ...session.profile, provider: { ...session.profile.provider, events: "" } };
    const running = runs.start(LOGIN, "Log in", []);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(reads()).toBe(0);
    end();
    await running;
  });
});
