import { render, screen } from "@testing-library/svelte";
import { expect, it } from "vitest";
import type { Event } from "../../wire/types";
import Noted from "./Noted.svelte";

function refused(time_ms: number, error: string, reason: string | null): Event {
  const details = reason === null ? [] : [{ name: "reason", value: reason }];
  const nobody = {
    client: null,
    user_id: null,
    username: null,
    session: null,
    token_id: null,
    audience: null,
    step: null,
    joined_by: null,
  };
  return { id: error, time_ms, server: "lab", event_type: "LOGIN_ERROR", error, details, ...nobody };
}

it("names the last refusal of a step that met several", () => {
  render(Noted, {
    props: { events: [refused(2, "rejected_by_user", null), refused(1, "user_disabled", "disabled by an admin")] },
  });
  expect(screen.getByLabelText("What the server noted").textContent).toContain("rejected_by_user");
});
