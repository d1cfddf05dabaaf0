import { expect, it } from "vitest";
import { fromLocal, savedWords, toLocal } from "./filter";

it("turns moments into fields and back, in both zones", () => {
  const moment = Date.UTC(2026, 10, 20, 13, 2, 18);
  expect(toLocal(moment, true)).toBe("2026-11-20T13:02:18");
  for (const utc of [true, false]) expect(fromLocal(toLocal(moment, utc), utc)).toBe(moment);
  expect(toLocal(null, true)).toBe("");
  expect(fromLocal("", false)).toBeNull();
  expect(fromLocal("2026-", true)).toBeNull();
});

it("says what a realm saves", () => {
  const settings = {
    eventsEnabled: true,
    eventsExpiration: 0,
    enabledEventTypes: [],
    adminEventsEnabled: false,
    adminEventsDetailsEnabled: false,
  };
  expect(savedWords(settings)).toBe("User events until they are cleared, the server's default types; no admin events.");
  expect(savedWords({ ...settings, eventsExpiration: 600, enabledEventTypes: ["LOGIN"] })).toBe(
    "User events for 10 minutes, 1 type; no admin events.",
  );
  expect(savedWords({ ...settings, eventsEnabled: false, adminEventsEnabled: true })).toBe("No user events; admin events.");
});
