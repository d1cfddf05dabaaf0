import { cleanup, render, screen, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fault, type FakeHost } from "../host/fake";
import { drafts } from "../state/drafts.svelte";
import { inspecting } from "../state/inspecting.svelte";
import { session } from "../state/session.svelte";
import { tracing } from "../state/tracing.svelte";
import { view } from "../state/view.svelte";
import { boot } from "../test/app";
import { expectAccessible } from "../test/axe";
import Inspect from "./Inspect.svelte";

let host: FakeHost;
const asked = (name: string) => host.calls.some((call) => call.name === name);

beforeEach(async () => {
  host = await boot();
  Object.assign(inspecting, {
    token: null,
    inspection: null,
    pane: "claims",
    words: "",
    text: null,
    resource: null,
    verifyFault: null,
  });
  Object.assign(tracing, { trace: null, fault: null, gateway: null, api: null });
});
afterEach(cleanup);

describe("Inspect", () => {
  it("shows what a verified token says, with meanings, and passes axe", async () => {
    render(Inspect, { token: "t-user" });
    expect(await screen.findByText(/Subject: whom the token is about/)).toBeTruthy();
    expect(screen.getByText("verified")).toBeTruthy();
    expect(screen.getByText(/verified with the issuer's key/)).toBeTruthy();
    expect(document.querySelector(".untrusted")).toBeNull();
    await expectAccessible();
  });

  it("never lets a bad signature look verified", async () => {
    render(Inspect, { token: "t-bad" });
    expect(await screen.findByText("The signature does not match. Do not believe these claims.")).toBeTruthy();
    expect(screen.getByText("Says it is from")).toBeTruthy();
    await screen.findByText("sub");
    expect(document.querySelector(".untrusted")).not.toBeNull();
    // What a claim means is no word about whether it is true.
    expect(screen.getByText(/whom the token is about/).closest(".untrusted")).not.toBeNull();
    await expectAccessible();
  });

  it("asks for the token's text only when told to, and forgets it", async () => {
    const user = userEvent.setup();
    render(Inspect, { token: "t-access" });
    await screen.findByText("sub");
    await user.click(screen.getByRole("button", { name: "Raw" }));
    expect(asked("raw_token")).toBe(false);
    await expectAccessible();
    await user.click(screen.getByRole("button", { name: "Show the token text" }));
    expect((await screen.findByLabelText("Token text")).textContent).toContain("eyJhbGciOiJSUzI1NiJ9.");
    await user.click(screen.getByRole("button", { name: "Hide the token text" }));
    expect(inspecting.text).toBeNull();
    await user.click(screen.getByRole("button", { name: "Show the token text" }));
    await user.click(screen.getByRole("button", { name: "JSON" }));
    expect(inspecting.text).toBeNull();
    expect(document.body.textContent).not.toContain("eyJhbGciOiJSUzI1NiJ9");
  });

  it("verifies with a pasted key and says at the field what is wrong with one", async () => {
    const user = userEvent.setup();
    render(Inspect, { token: "t-bad" });
    await user.click(await screen.findByRole("button", { name: "Verify with a key" }));
    const dialog = screen.getByRole("dialog", { name: "Verify with a key" });
    host.fail(
      "verify_with_key",
      fault({ id: "not-a-key", message: "This is no key.", advice: "Paste a JWK or PEM.", field: "key" }),
    );
    await user.type(within(dialog).getByLabelText("Key: JWK, JWKS or PEM"), "nonsense");
    await user.click(within(dialog).getByRole("button", { name: "Verify" }));
    expect((await within(dialog).findByRole("alert")).textContent).toBe("This is no key. Paste a JWK or PEM.");
    expect(within(dialog).getByRole("textbox").getAttribute("aria-invalid")).toBe("true");
    await expectAccessible(dialog);
  });

  it("leads to the step, the parent and the next operation", async () => {
    const user = userEvent.setup();
    render(Inspect, { token: "t-user" });
    await user.click(await screen.findByRole("button", { name: "step 127" }));
    expect([view.place, view.step]).toEqual(["audit", 127]);
    await user.click(screen.getByRole("button", { name: "Compare with subject" }));
    expect(view.selected).toEqual(["t-access", "t-user"]);
    await user.click(await screen.findByRole("button", { name: "Use as subject token" }));
    expect([view.place, view.operation, view.selected]).toEqual(["run", "token_exchange", ["t-user"]]);
  });

  it("offers introspection for an opaque token", async () => {
    const user = userEvent.setup();
    render(Inspect, { token: "t-ref" });
    expect(await screen.findByText("An opaque token says nothing by itself")).toBeTruthy();
    await expectAccessible();
    await user.click(screen.getAllByRole("button", { name: "Introspect" })[0] as HTMLElement);
    expect(view.operation).toBe("introspect");
  });

  it("leads from a token of the gateway to the provider's forms", async () => {
    const user = userEvent.setup();
    render(Inspect, { token: "t-user" });
    await user.click(await screen.findByRole("button", { name: "Exchange for a Keycloak token" }));
    expect([view.place, view.operation, drafts.of("lab", "token_exchange").values["exchange"]]).toEqual([
      "run",
      "token_exchange",
      ["external_to_internal"],
    ]);
  });

  it("shows the token at every door, names the first refusal and its claim, and passes axe", async () => {
    const user = userEvent.setup();
    render(Inspect, { token: "t-user" });
    await user.click(await screen.findByRole("button", { name: "Trace" }));
    const doors = await screen.findByRole("list", { name: "Places that may refuse the token" });
    expect(
      within(doors)
        .getAllByRole("listitem")
        .map((door) => door.dataset["admission"]),
    ).toEqual(["accepted", "not_asked", "not_asked", "not_asked"]);
    expect(asked("walk")).toBe(false);
    await user.click(screen.getByRole("button", { name: "Run the trace" }));
    expect(await screen.findByText("orders-api is the first to refuse it, over iss.")).toBeTruthy();
    const refused = within(doors).getByText("first to refuse").closest("li") as HTMLElement;
    expect(refused.dataset["door"]).toBe("api");
    expect(within(refused).getByText("iss")).toBeTruthy();
    expect(screen.getByRole("table").textContent).toContain("6 s");
    await expectAccessible();
    await user.click(within(refused).getByRole("button", { name: "Exchange for orders-api" }));
    expect(view.operation).toBe("token_exchange");
  });

  it("asks again with the API that was chosen, and says what went wrong", async () => {
    const user = userEvent.setup();
    render(Inspect, { token: "t-user" });
    await user.click(await screen.findByRole("button", { name: "Trace" }));
    await user.click(await screen.findByRole("combobox", { name: /^API behind the gateway/ }));
    await user.click(await screen.findByRole("option", { name: "catalog" }));
    host.fail("walk", fault({ kind: "storage", id: "journal", message: "The journal is full.", advice: "Free some space." }));
    await user.click(screen.getByRole("button", { name: "Run the trace" }));
    expect(await screen.findByText("The journal is full.")).toBeTruthy();
    expect(host.calls.findLast((call) => call.name === "walk")).toMatchObject({ args: { token: "t-user", gateway: "catalog" } });
  });

  it("asks the server, marks what differs and what each says, and passes axe", async () => {
    const user = userEvent.setup();
    render(Inspect, { token: "t-access" });
    await user.click(await screen.findByRole("button", { name: "Server" }));
    expect((await screen.findAllByText("not asked yet")).length).toBe(2);
    expect(asked("ask_server")).toBe(false);
    await user.click(screen.getByRole("button", { name: "Ask the server" }));
    expect(await screen.findByText("Inactive though not expired")).toBeTruthy();
    const row = screen.getByRole("rowheader", { name: "preferred_username" }).closest("tr");
    expect([...(row?.querySelectorAll("td") ?? [])].map((cell) => cell.textContent.trim())).toEqual([
      "alice",
      "not said",
      "alice.archer",
      "userinfo differs",
    ]);
    await expectAccessible();
    await user.click(screen.getByRole("button", { name: "1 differs" }));
    expect(screen.getAllByRole("rowheader").map((cell) => cell.textContent)).toContain("preferred_username");
    expect(screen.queryByRole("rowheader", { name: "azp" })).toBeNull();
    await user.click(screen.getByRole("button", { name: "Copy as Markdown" }));
    expect(host.calls.at(-1)?.args).toEqual({ source: { what: "truth", token: "t-access" } });
  });

  it("shows the line a token stands in, and compares with any of it", async () => {
    const user = userEvent.setup();
    render(Inspect, { token: "t-access" });
    await user.click(await screen.findByRole("button", { name: /^Compare this token with WSO2 user/ }));
    expect(view.selected).toEqual(["t-access", "t-user"]);
  });

  it("requires what a token has only after showing it, and names what stands in the way", async () => {
    const user = userEvent.setup();
    render(Inspect, { token: "t-access" });
    await user.click(await screen.findByRole("button", { name: "Require what this one has…" }));
    const dialog = await screen.findByRole("dialog", { name: "Require what this one has" });
    expect(within(dialog).getByText("editor in resource_access.orders-api.roles")).toBeTruthy();
    await expectAccessible(dialog);
    host.fail(
      "save_profile",
      fault({ kind: "storage", id: "not-saved", message: "The disk is full.", advice: "Free some space." }),
    );
    await user.click(within(dialog).getByRole("button", { name: "Save in a copy" }));
    expect((await within(dialog).findByRole("alert")).textContent).toBe("The disk is full. Free some space.");
    expect(asked("duplicate_profile")).toBe(true);
  });

  it("decrypts with a pasted key, and lets nobody vouch for what came out", async () => {
    host = await boot("odd");
    const user = userEvent.setup();
    render(Inspect, { token: "t-jwe" });
    expect(await screen.findByText("The claims are encrypted")).toBeTruthy();
    await expectAccessible();
    await user.click(screen.getAllByRole("button", { name: "Decrypt with a key" })[0] as HTMLElement);
    const dialog = screen.getByRole("dialog", { name: "Decrypt with a key" });
    await user.type(within(dialog).getByLabelText(/Private key/), "secret");
    await user.click(within(dialog).getByRole("button", { name: "Decrypt" }));
    expect(host.calls.find((call) => call.name === "verify_with_key")?.args).toMatchObject({
      token: "t-jwe",
      key: "secret",
      content: null,
    });
    cleanup();
    render(Inspect, { token: "t-opened" });
    expect(await screen.findByText("Decrypted with the key you gave. Nobody vouches for these claims.")).toBeTruthy();
    await screen.findByText("sub");
    expect(document.querySelector(".untrusted")).not.toBeNull();
    await expectAccessible();
  });

  it("shows each of several signatures", async () => {
    host = await boot("odd");
    render(Inspect, { token: "t-several" });
    const list = await screen.findByRole("list", { name: "Each signature" });
    expect(
      within(list)
        .getAllByRole("listitem")
        .map((item) => item.textContent.trim()),
    ).toEqual([
      expect.stringContaining("RS256, not checked"),
      expect.stringContaining("ES512, not checked"),
      expect.stringContaining("HS256, verified"),
    ]);
    await expectAccessible();
  });

  it("shows both tokens a delegated one comes from, and says which of them acts", async () => {
    const user = userEvent.setup();
    render(Inspect, { token: "t-access" });
    await screen.findByRole("heading", { name: "Lineage" });
    const other = (id: string) => ({
      token: { ...session.tokens.find((one) => one.id === "t-user"), id } as (typeof session.tokens)[number],
      distance: 1,
      on_shelf: true,
    });
    inspecting.lineage = {
      ancestors: [other("t-subject")],
      actors: [other("t-actor")],
      descendants: [],
      acts_in: [other("t-onward")],
    };
    const line = (await screen.findByText("acts")).closest("ol") as HTMLElement;
    expect(
      within(line)
        .getAllByRole("listitem")
        .map((item) => item.querySelector(".role")?.textContent ?? ""),
    ).toEqual(["", "acts", "", "acts in"]);
    await expectAccessible();
    await user.click(within(line).getByRole("button", { name: /, which acts, with this token$/ }));
    expect(view.place).toBe("compare");
    expect(view.selected).toEqual(["t-actor", "t-access"]);
  });

  it("filters claims and says so when none is left", async () => {
    const user = userEvent.setup();
    render(Inspect, { token: "t-access" });
    await screen.findByText("sub");
    await user.type(screen.getByRole("textbox", { name: "Filter claims" }), "zzz");
    expect(screen.getByText("No claim contains “zzz”.")).toBeTruthy();
  });
});
