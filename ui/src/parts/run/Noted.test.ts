import { cleanup, render, screen } from "@testing-library/svelte";
import { afterEach, expect, it } from "vitest";
import { EVENT } from "../../host/fake/steps";
import { expectAccessible } from "../../test/axe";
import Noted from "./Noted.svelte";

afterEach(cleanup);

const refused = { ...EVENT, event_type: "TOKEN_EXCHANGE_ERROR", error: "not_allowed", details: [{ name: "reason", value: "client is not within the token audience" }] };

it("shows the reason the server kept to itself, by what it was joined and how sure that is", async () => {
  render(Noted, { props: { events: [EVENT, { ...refused, joined_by: "client_and_time" }] } });
  const noted = screen.getByRole("region", { name: "What the server noted" });
  expect(noted.textContent).toContain("client is not within the token audience");
  expect(noted.textContent).toContain("TOKEN_EXCHANGE_ERROR, not_allowed");
  expect(noted.textContent).toContain("a guess");
  await expectAccessible();
});

it("says nothing where no event tells of an error", () => {
  render(Noted, { props: { events: [EVENT] } });
  expect(screen.queryByRole("region")).toBeNull();
});
