import { cleanup, render, screen, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fault, type FakeHost } from "../../host/fake";
import { repeating } from "../../state/repeating.svelte";
import { session } from "../../state/session.svelte";
import { boot } from "../../test/app";
import { expectAccessible } from "../../test/axe";
import Run from "../../views/Run.svelte";

let host: FakeHost;
const part = async () => within(await screen.findByRole("region", { name: "Repeat until it changes" }));

beforeEach(async () => {
  host = await boot();
  Object.assign(repeating, { every: "5", most: "16", revoke: false, going: false, repetition: null, fault: null });
  session.openOperation("call_api");
  render(Run);
});
afterEach(cleanup);

describe("Repeating a call", () => {
  it("sends what was set, shows every answer and says the conclusion", async () => {
    const user = userEvent.setup();
    await user.click((await part()).getByRole("checkbox", { name: "revoke the token first" }));
    await user.click((await part()).getByRole("button", { name: "Repeat" }));
    expect(await screen.findByText("It passed for 60 s after the revocation, then 401 900901.")).toBeTruthy();
    expect(host.calls.find((call) => call.name === "repeat")?.args).toMatchObject({
      plan: { every_ms: 5000, for_ms: 960_000, revoke: true },
    });
    const table = within(screen.getByRole("table", { name: "Answers in the order they came" }));
    expect(table.getByRole("row", { name: /accepted: 200 13 calls/ })).toBeTruthy();
    expect(table.getByRole("row", { name: /refused: 401 900901 1 call/ })).toBeTruthy();
    expect(document.querySelectorAll(".strip i").length).toBe(14);
    await expectAccessible();
  });

  it("says what is wrong with the plan and keeps it", async () => {
    const user = userEvent.setup();
    host.fail(
      "repeat",
      fault({
        id: "incomplete",
        message: "Choose a token of the shelf to revoke it first.",
        advice: "Complete the form and run it again.",
        field: "token",
      }),
    );
    await user.click((await part()).getByRole("button", { name: "Repeat" }));
    expect(await screen.findByText("Choose a token of the shelf to revoke it first.")).toBeTruthy();
    expect(repeating.every).toBe("5");
  });
});
