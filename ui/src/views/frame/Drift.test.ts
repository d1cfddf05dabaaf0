import { cleanup, render, screen, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fault, type FakeHost } from "../../host/fake";
import { dialogs } from "../../state/dialogs.svelte";
import { drifting } from "../../state/drifting.svelte";
import { session } from "../../state/session.svelte";
import { view } from "../../state/view.svelte";
import { boot } from "../../test/app";
import { expectAccessible } from "../../test/axe";
import Drift from "./Drift.svelte";
import LabControls from "./LabControls.svelte";

let host: FakeHost;
const headline = () => document.querySelector("[data-drift]");

beforeEach(async () => {
  host = await boot();
  Object.assign(drifting, { open: false, busy: false, drift: null, fault: null });
  dialogs.open = null;
});
afterEach(cleanup);

describe("The kept token and a fresh exchange", () => {
  it("says what was taken away meanwhile, claim by claim, and leads to Compare", async () => {
    const user = userEvent.setup();
    await session.changeLab({ what: "role", username: "alice", client: "orders-api", role: "editor", held: false });
    render(Drift);
    await drifting.begin({ what: "call", step: 132 });
    expect(await screen.findByText(/The kept token is out of date/)).toBeTruthy();
    const table = within(screen.getByRole("table", { name: "Claims that changed" }));
    const row = within(table.getByRole("row", { name: /resource_access.orders-api.roles/ }));
    expect(row.getByText("editor").closest(".chip")?.className).toContain("removed");
    expect(screen.getByText(/the API goes on granting what was taken away/)).toBeTruthy();
    await expectAccessible();
    await user.click(screen.getByRole("button", { name: "Compare claim by claim" }));
    expect(view.place).toBe("compare");
    expect(view.selected).toEqual(["t-kept", "t-issued"]);
    expect(drifting.open).toBe(false);
  });

  it("shows a refusal with its cause as the drift", async () => {
    await session.changeLab({ what: "user", username: "alice", enabled: false });
    render(Drift);
    await drifting.begin({ what: "call", step: 132 });
    await screen.findByText(/A fresh exchange is refused/);
    expect(headline()?.getAttribute("data-drift")).toBe("refused");
    expect(screen.getByText("Invalid token")).toBeTruthy();
    expect(screen.getByText("Fix")).toBeTruthy();
    expect(screen.queryByRole("button", { name: "Compare claim by claim" })).toBeNull();
    await expectAccessible();
  });

  it("says why nothing can be compared, and keeps the way to try again", async () => {
    host.fail(
      "drift",
      fault({
        id: "kept-not-told",
        message: "The gateway does not tell which token it kept for this call.",
        advice: "Put the token on the shelf.",
      }),
    );
    render(Drift);
    await drifting.begin({ what: "call", step: 132 });
    expect(await screen.findByText(/does not tell which token it kept/)).toBeTruthy();
    expect(screen.getByRole("button", { name: "Exchange again" }).hasAttribute("disabled")).toBe(false);
  });

  it("leads to the lab's controls, where a role is taken and the caches are shortened", async () => {
    const user = userEvent.setup();
    render(Drift);
    render(LabControls);
    await drifting.begin({ what: "call", step: 132 });
    await user.click(await screen.findByRole("button", { name: "Change the lab" }));
    expect(drifting.open).toBe(false);
    const dialog = await screen.findByRole("dialog", { name: "Change the lab" });
    expect(within(dialog).getByText(/Simulated/)).toBeTruthy();
    await user.click(within(dialog).getByRole("checkbox", { name: /editor of orders-api ?: alice/ }));
    expect(session.lab.people[0]?.roles[1]?.held).toBe(false);
    await user.click(within(dialog).getByRole("checkbox", { name: /enabled ?: alice/ }));
    expect(session.lab.people[0]?.enabled).toBe(false);
    await user.click(within(dialog).getByRole("button", { name: "A sixtieth of that" }));
    expect(session.lab.short_caches).toBe(true);
    expect(within(dialog).getByText(/a refused token 15 s/)).toBeTruthy();
    await expectAccessible();
  });
});
