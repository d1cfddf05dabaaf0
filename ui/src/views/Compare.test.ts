import { cleanup, render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fault, type FakeHost } from "../host/fake";
import { clock } from "../state/clock.svelte";
import { comparing } from "../state/comparing.svelte";
import { predicting } from "../state/predicting.svelte";
import { requiring } from "../state/requiring.svelte";
import { view } from "../state/view.svelte";
import { boot } from "../test/app";
import { expectAccessible } from "../test/axe";
import Compare from "./Compare.svelte";

let host: FakeHost;

async function open(...tokens: string[]): Promise<void> {
  view.compare(tokens);
  render(Compare);
  await screen.findByRole("grid", { name: "Claims" });
}
const claims = () =>
  within(screen.getByRole("grid", { name: "Claims" }))
    .getAllByRole("rowheader")
    .map((cell) => cell.textContent.trim());
const copies = () => host.calls.filter((call) => call.name === "copy").map((call) => (call.args as { source: unknown }).source);

beforeEach(async () => {
  host = await boot();
  Object.assign(predicting, { open: false, reader: null });
  Object.assign(comparing, {
    words: "",
    changesOnly: false,
    verdict: null,
    checked: null,
    header: false,
    raw: false,
    resource: null,
    whole: null,
    fault: null,
    readings: {},
  });
});
afterEach(cleanup);

describe("Compare", () => {
  it("shows both tokens, verdicts, checks and claims, and passes axe", async () => {
    await open("t-access", "t-issued");
    expect(screen.getByRole("heading", { name: "Compare" })).toBeTruthy();
    expect(screen.getByText("orders-api would answer 403")).toBeTruthy();
    expect(screen.getByText("expected viewer, found editor")).toBeTruthy();
    expect(claims()).toContain("azp");
    await expectAccessible();
  });

  it("says the answer in the API's words and opens the form that mends a failed check", async () => {
    const user = userEvent.setup();
    await open("t-access", "t-issued");
    await user.click(screen.getByRole("button", { name: "Show all checks and the answer" }));
    expect(screen.getByText(/^Bearer error="insufficient_scope"/)).toBeTruthy();
    expect(screen.getByText("resource_access.orders-api.roles")).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Exchange again with scope orders:read" }));
    expect([view.place, view.operation]).toEqual(["run", "token_exchange"]);
    expect(host.calls.some((call) => call.name === "run")).toBe(false);
  });

  it("asks again when a check ends otherwise because time passed", async () => {
    await open("t-access", "t-issued");
    const asked = () => host.calls.filter((call) => call.name === "compare").length;
    const before = asked();
    const real = clock.now;
    try {
      clock.now = (comparing.until ?? 0) * 1000;
      await waitFor(() => expect(asked()).toBeGreaterThan(before));
      const after = asked();
      clock.now += 1000;
      await waitFor(() => expect(clock.now).toBeGreaterThan(0));
      expect(asked()).toBe(after);
    } finally {
      clock.now = real;
    }
  });

  it("filters the rows of a verdict, says what is hidden, and lets go again", async () => {
    const user = userEvent.setup();
    await open("t-access", "t-issued");
    const roles = within(screen.getByRole("group", { name: "Verdict" })).getByRole("button", { name: /Roles/ });
    await user.click(roles);
    expect(roles.getAttribute("aria-pressed")).toBe("true");
    expect(claims().every((claim) => /orders-api|realm/.test(claim))).toBe(true);
    const hidden = Number(/^\d+/.exec(screen.getByText(/hidden by the verdict Roles/).textContent.trim())?.[0]);
    const all = Number(/\d+/.exec(screen.getByRole("button", { name: /^All/ }).textContent)?.[0]);
    expect(hidden + claims().length).toBe(all);
    await expectAccessible();
    await user.click(screen.getByRole("button", { name: "Show all" }));
    expect(claims()).toContain("azp");
  });

  it("counts and filters changes and words", async () => {
    const user = userEvent.setup();
    await open("t-access", "t-issued");
    await user.click(screen.getByRole("button", { name: /^Changes/ }));
    expect(claims()).not.toContain("sub");
    await user.click(screen.getByRole("button", { name: /^All/ }));
    await user.type(screen.getByRole("textbox", { name: "Filter claims" }), "orders:write");
    expect(claims()).toEqual(["scope"]);
    await user.keyboard("{Escape}");
    expect(claims()).toContain("sub");
  });

  it("is one tab stop; arrows move, Enter folds a group and copies a value", async () => {
    const user = userEvent.setup();
    await open("t-access", "t-issued");
    const grid = screen.getByRole("grid", { name: "Claims" });
    expect(grid.querySelectorAll('[tabindex="0"]').length).toBe(1);
    const first = within(grid).getByRole("button", { name: /^Identity and requester/ });
    first.focus();
    await user.keyboard("{ArrowDown}{ArrowRight}");
    expect(document.activeElement?.textContent).toContain("7c57d1f0-3a52-4c8e-9e61-b2a7f04e498d");
    await user.keyboard("{Enter}");
    await waitFor(() => expect(copies()).toContainEqual({ what: "text", text: "7c57d1f0-3a52-4c8e-9e61-b2a7f04e498d" }));
    await user.keyboard("{Control>}{Home}{/Control}{Enter}");
    expect(first.getAttribute("aria-expanded")).toBe("false");
    expect(claims()).not.toContain("sub");
  });

  it("speaks every sign and marks the row a failed check points at", async () => {
    await open("t-access", "t-issued");
    const azp = screen.getByRole("rowheader", { name: /azp/ }).closest('[role="row"]');
    expect(azp?.querySelector(".sign .sr")?.textContent).toBe("changed");
    expect(document.querySelector(".line.lit .name")?.textContent).toContain("a check fails here");
    expect(document.querySelector(".chip.missing")?.textContent).toContain("viewer");
  });

  it("swaps, copies without signatures, and shows JSON beside JSON", async () => {
    const user = userEvent.setup();
    await open("t-access", "t-user");
    await user.click(screen.getByRole("button", { name: /Copy as Markdown/ }));
    expect(copies()).toContainEqual({ what: "comparison", tokens: ["t-access", "t-user"], resource: null });
    await user.click(screen.getByRole("button", { name: "Raw JSON" }));
    expect((await screen.findByLabelText("Claims of B as JSON")).textContent).toContain("{");
    await expectAccessible();
    await user.click(screen.getByRole("button", { name: "Raw JSON" }));
    await user.click(screen.getByRole("button", { name: "Swap A and B" }));
    expect(view.selected).toEqual(["t-user", "t-access"]);
  });

  it("gives each of three columns its own verdict and signs", async () => {
    await open("t-access", "t-issued", "t-user");
    expect(screen.getByRole("group", { name: "Verdict on B" })).toBeTruthy();
    expect(screen.getByRole("group", { name: "Verdict on C" })).toBeTruthy();
    expect(screen.getAllByRole("columnheader").map((cell) => cell.textContent.trim().charAt(0))).toEqual([
      "C",
      "A",
      "S",
      "B",
      "S",
      "C",
    ]);
    expect(
      host.calls.filter((call) => call.name === "compare").map((call) => (call.args as { tokens: string[] }).tokens),
    ).toEqual([["t-access", "t-issued", "t-user"]]);
    await expectAccessible();
  });

  it("spells out the checks of any of three columns, by keyboard", async () => {
    const user = userEvent.setup();
    await open("t-access", "t-issued", "t-user");
    expect(screen.queryByRole("region", { name: /^Checks of/ })).toBeNull();
    const b = within(screen.getByRole("group", { name: "Verdict on B" })).getByRole("button", { expanded: false });
    b.focus();
    await user.keyboard("{Enter}");
    const checks = () => within(screen.getByRole("region", { name: "Checks of B for orders-api" }));
    expect(checks().getByText("expected viewer, found editor")).toBeTruthy();
    expect(checks().getByText("resource_access.orders-api.roles")).toBeTruthy();
    expect(b.getAttribute("aria-expanded")).toBe("true");
    await expectAccessible();
    await user.click(checks().getByRole("button", { name: "Require what B has…" }));
    await waitFor(() =>
      expect(host.calls).toContainEqual(expect.objectContaining({ name: "require_from", args: { token: "t-issued" } })),
    );
    requiring.close();
    await user.click(within(screen.getByRole("group", { name: "Verdict on C" })).getByRole("button", { expanded: false }));
    expect(screen.queryByRole("region", { name: /^Checks of B/ })).toBeNull();
    await user.click(screen.getByRole("button", { name: "Hide the checks of C" }));
    expect(screen.queryByRole("region", { name: /^Checks of/ })).toBeNull();
  });

  it("explains itself when nothing is selected and offers the likeliest pair", async () => {
    const user = userEvent.setup();
    view.compare([]);
    render(Compare);
    expect(screen.getByText(/click a second one to compare/)).toBeTruthy();
    await expectAccessible();
    await user.click(screen.getByRole("button", { name: "Compare" }));
    expect(view.selected).toEqual(["t-access", "t-user"]);
  });

  it("says a fault in its pane and tries again", async () => {
    const user = userEvent.setup();
    host.fail(
      "compare",
      fault({ kind: "storage", id: "gone", message: "The journal can not be read.", advice: "Close the other window." }),
    );
    view.compare(["t-access", "t-user"]);
    render(Compare);
    expect((await screen.findByRole("alert")).textContent).toContain("The journal can not be read.");
    const before = host.calls.length;
    await user.click(screen.getByRole("button", { name: "Try again" }));
    expect(host.calls.length).toBeGreaterThan(before);
  });

  it("asks what would be issued and shows it as a column of its own", async () => {
    const user = userEvent.setup();
    await open("t-access", "t-issued");
    await user.click(screen.getByRole("button", { name: "Predict" }));
    const dialog = await screen.findByRole("dialog", { name: "What would the server issue?" });
    await waitFor(() => expect((within(dialog).getByLabelText("client") as HTMLInputElement).value).toBe("portal"));
    await expectAccessible(dialog);
    await user.click(within(dialog).getByRole("button", { name: "Predict and compare" }));
    await waitFor(() => expect(view.selected).toEqual(["t-predicted", "t-issued"]));
    expect(await screen.findByText(/predicted, never issued/)).toBeTruthy();
    expect(host.calls.find((call) => call.name === "predict")?.args).toEqual({
      profile: "lab",
      ask: { client: "portal", user: "alice", scope: "profile orders:write", audience: "orders-api", beside: "t-issued" },
    });
    expect(screen.queryByRole("button", { name: "Predict" })).toBeNull();
    await expectAccessible();
  });

  it("says why there is no prediction", async () => {
    const user = userEvent.setup();
    await open("t-access", "t-issued");
    await user.click(screen.getByRole("button", { name: "Predict" }));
    const dialog = await screen.findByRole("dialog", { name: "What would the server issue?" });
    const client = within(dialog).getByLabelText("client");
    await waitFor(() => expect((client as HTMLInputElement).value).toBe("portal"));
    await user.clear(client);
    await user.type(client, "nobody");
    await user.click(within(dialog).getByRole("button", { name: "Predict and compare" }));
    expect((await within(dialog).findByRole("alert")).textContent).toContain("The realm has no client named nobody");
    await expectAccessible(dialog);
  });

  it("offers the mapping check where a token of the provider and one of the gateway are the two", async () => {
    const user = userEvent.setup();
    view.compare(["t-access", "t-issued"]);
    const { unmount } = render(Compare);
    await screen.findByRole("grid");
    expect(screen.queryByRole("button", { name: "Mapping" })).toBeNull();
    unmount();
    view.compare(["t-access", "t-user"]);
    render(Compare);
    await user.click(await screen.findByRole("button", { name: "Mapping" }));
    expect(await screen.findByRole("dialog", { name: "From Keycloak's user to WSO2's" })).toBeTruthy();
    expect(host.calls.filter((call) => call.name === "mapping").map((call) => call.args)).toEqual([
      { token: "t-user", other: "t-access", claim: null },
    ]);
    await expectAccessible();
  });
});
