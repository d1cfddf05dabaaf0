import { cleanup, render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fault, type FakeHost } from "../host/fake";
import { dialogs } from "../state/dialogs.svelte";
import { editing } from "../state/editing.svelte";
import { holdTyped } from "../state/holding.svelte";
import { toasts } from "../state/toasts.svelte";
import { view } from "../state/view.svelte";
import { boot } from "../test/app";
import { expectAccessible } from "../test/axe";
import { forgetDrafts, own } from "../test/profiles";
import type { Profile } from "../wire/types";
import Profiles from "./Profiles.svelte";

let host: FakeHost;
const sent = <T>(name: string) => host.calls.filter((call) => call.name === name).map((call) => call.args as T);

beforeEach(async () => {
  host = await boot();
  forgetDrafts();
});
afterEach(cleanup);

describe("Profiles", () => {
  it("opens the chosen profile; the lab can only be copied", async () => {
    const user = userEvent.setup();
    render(Profiles);
    expect(await screen.findByRole("heading", { name: "Lab" })).toBeTruthy();
    expect(screen.getByLabelText("Profile name").closest("fieldset")?.disabled).toBe(true);
    await expectAccessible();
    await user.click(screen.getByRole("button", { name: "Save as my own" }));
    expect(await screen.findByRole("heading", { name: "My lab" })).toBeTruthy();
    expect(sent("duplicate_profile")).toEqual([{ id: "lab", name: "My lab", take_along: true }]);
  });

  it("starts and stops the lab", async () => {
    const user = userEvent.setup();
    render(Profiles);
    await user.click(await screen.findByRole("button", { name: "Stop the lab" }));
    await user.click(await screen.findByRole("button", { name: "Start the lab" }));
    expect(await screen.findByText("The lab runs on this machine.")).toBeTruthy();
  });

  it("shows every section of a profile of one's own and passes axe", async () => {
    await own();
    for (const name of ["Identity provider", "Login", "Clients", "Gateway", "Resources", "TLS", "Audit events"])
      expect(screen.getAllByRole("heading", { name }).length).toBeGreaterThan(0);
    expect(screen.getByText("http://localhost:8250/callback")).toBeTruthy();
    expect(screen.getByText("On: the bar shows a warning as long as this profile is in use.")).toBeTruthy();
    await expectAccessible();
  });

  it("puts the lab's gateway in front of a saved profile, and says why not", async () => {
    const user = await own();
    host.fail(
      "join_lab",
      fault({
        id: "no-secret",
        message: "The secret of gateway is not at hand.",
        advice: "Save its secret under Clients first.",
        field: "client",
      }),
    );
    await user.click(screen.getByRole("button", { name: "Use the lab's gateway" }));
    const dialog = await screen.findByRole("dialog", { name: "Put the lab's gateway in front" });
    await expectAccessible(dialog);
    expect(within(dialog).getByRole("combobox", { name: /^Client the gateway exchanges as/ }).textContent).toContain("gateway");
    await user.click(within(dialog).getByRole("combobox", { name: /^Token the gateway exchanges/ }));
    await user.click(screen.getByRole("option", { name: /its own token/ }));
    expect(within(dialog).getByText(/has to know the gateway as an identity provider/)).toBeTruthy();
    await user.type(within(dialog).getByLabelText("Portal role"), "/engineering");
    await user.click(within(dialog).getByRole("button", { name: "Connect" }));
    expect(await within(dialog).findByText("The secret of gateway is not at hand.")).toBeTruthy();
    expect((within(dialog).getByLabelText("Portal role") as HTMLInputElement).value).toBe("/engineering");
    expect(sent("join_lab")).toEqual([
      { profile: "staging", how: { client: "gateway", way: "own_token", role: "/engineering" } },
    ]);

    host.mend("join_lab");
    await user.click(within(dialog).getByRole("button", { name: "Connect" }));
    expect(await screen.findByRole("button", { name: "Connect the lab's gateway again" })).toBeTruthy();
    expect(screen.queryByRole("dialog")).toBeNull();
    const name = screen.getByLabelText("Profile name");
    await user.type(name, " two");
    expect(screen.getByRole<HTMLButtonElement>("button", { name: "Connect the lab's gateway again" }).disabled).toBe(true);
  });

  it("keeps what was typed while the user looks elsewhere, and saves it", async () => {
    const user = await own();
    const name = screen.getByLabelText("Profile name");
    await user.clear(name);
    await user.type(name, "Stage two");
    expect(screen.getAllByText("edited").length).toBeGreaterThan(0);
    cleanup();
    render(Profiles);
    expect(((await screen.findByLabelText("Profile name")) as HTMLInputElement).value).toBe("Stage two");
    await user.click(screen.getByRole("button", { name: /^Save(Ctrl|⌘| Ctrl)/ }));
    await waitFor(() => expect(sent<{ profile: Profile }>("save_profile")[0]?.profile.name).toBe("Stage two"));
    await waitFor(() => expect(screen.queryByText("edited")).toBeNull());
  });

  it("reads a service's security block, says what is left out, and takes it over unsaved", async () => {
    const user = await own();
    const card = document.querySelector<HTMLElement>("[data-resource]") as HTMLElement;
    const name = card.dataset["resource"] ?? "";
    (card as HTMLDetailsElement).open = true;
    await user.click(within(card).getByRole("button", { name: "Read from YAML…" }));
    const dialog = await screen.findByRole("dialog", { name: `Read what ${name} expects from YAML` });
    const text = within(dialog).getByRole("textbox");
    await user.type(text, "nothing of the kind");
    await user.click(within(dialog).getByRole("button", { name: "Read" }));
    expect((await within(dialog).findByRole("alert")).textContent).toContain("Line 1, column 1");
    await user.clear(text);
    await user.type(text, "checks: all{Enter}cors: true");
    await user.click(within(dialog).getByRole("button", { name: "Read" }));
    expect(await within(dialog).findByText("Line 2: cors is not known here and was left out.")).toBeTruthy();
    await expectAccessible(dialog);
    await user.click(within(dialog).getByRole("button", { name: "Take it over" }));
    expect(within(card).getByText("viewer")).toBeTruthy();
    expect(sent("save_profile")).toEqual([]);
    await user.click(within(card).getByRole("button", { name: "Show as YAML…" }));
    expect((await screen.findByLabelText("Security block")).textContent).toContain(`audience: "${name}"`);
  });

  it("says at its field what is wrong with a pattern", async () => {
    const user = await own();
    const card = document.querySelector<HTMLElement>("[data-resource]") as HTMLElement;
    (card as HTMLDetailsElement).open = true;
    await user.click(within(card).getByRole("button", { name: "Add a claim" }));
    expect((card as HTMLDetailsElement).open).toBe(true);
    await user.type(within(card).getByLabelText("Claim path 1"), "tenant");
    await user.type(within(card).getByLabelText("Pattern 1"), "(");
    host.fail(
      "save_profile",
      fault({
        id: "bad-expectation",
        message: "The pattern cannot be read: unclosed group.",
        advice: "Correct it.",
        field: "resources.0.expectations.claims.0.pattern",
      }),
    );
    await user.click(screen.getByRole("button", { name: /^Save(Ctrl|⌘| Ctrl)/ }));
    expect((await within(card).findByRole("alert")).textContent).toContain("unclosed group");
    expect((within(card).getByLabelText("Pattern 1") as HTMLInputElement).value).toBe("(");
  });

  it("says at the client that it has no id, and keeps what was typed", async () => {
    const user = await own();
    await user.click(screen.getByRole("button", { name: "Add a client" }));
    const index = (editing.draft?.profile.clients.length ?? 0) - 1;
    host.fail(
      "save_profile",
      fault({
        id: "no-client-id",
        message: "This client has no id.",
        advice: "Type the client_id it is registered under, or remove the client.",
        field: `clients.${String(index)}.client_id`,
      }),
    );
    await user.click(screen.getByRole("button", { name: /^Save(Ctrl|⌘| Ctrl)/ }));
    const card = screen.getByText("New client").closest("details") as HTMLDetailsElement;
    expect(
      await within(card).findByText("This client has no id. Type the client_id it is registered under, or remove the client."),
    ).toBeTruthy();
    expect(card.open).toBe(true);
    expect(within(card).getByLabelText("Client id").getAttribute("aria-invalid")).toBe("true");
    expect(editing.draft?.profile.clients[index]?.client_id).toBe("");
  });

  it("reverts", async () => {
    const user = await own();
    await user.type(screen.getByLabelText("Profile name"), " x");
    await user.click(screen.getByRole("button", { name: "Revert" }));
    await waitFor(() => expect((screen.getByLabelText("Profile name") as HTMLInputElement).value).toBe("Staging"));
  });

  it("never shows a saved secret as a field; reveals, hides, replaces and clears it", async () => {
    const user = await own();
    const card = screen.getByText("Client portal").closest("details") as HTMLElement;
    expect(within(card).queryByPlaceholderText("paste the client secret")).toBeNull();
    expect(within(card).getByText("Saved in the system keychain")).toBeTruthy();
    await user.click(within(card).getByText("Reveal"));
    expect(await within(card).findByText("s3cret-of-the-lab")).toBeTruthy();
    await user.click(within(card).getByText("Hide"));
    expect(within(card).queryByText("s3cret-of-the-lab")).toBeNull();
    await user.click(within(card).getByText("Replace"));
    await user.type(within(card).getByPlaceholderText("paste the client secret"), "new one{Enter}");
    await waitFor(() =>
      expect(sent("save_secret")).toEqual([
        { profile: "staging", client_id: "portal", server: "provider", sort: "secret", secret: "new one" },
      ]),
    );
    await user.click(await within(card).findByText("Clear"));
    expect(await within(card).findByPlaceholderText("paste the client secret")).toBeTruthy();
    expect(JSON.stringify(editing.drafts)).not.toContain("new one");
  });

  it("a typed secret is never lost without a question", async () => {
    const user = await own();
    const card = () => screen.getByText("Client portal").closest("details") as HTMLElement;
    const field = () => within(card()).getByPlaceholderText<HTMLInputElement>("paste the client secret");
    await user.click(within(card()).getByText("Replace"));
    await user.type(field(), "half of it");
    // Another profile, another view, the store failing: it is still there.
    await user.click(screen.getByRole("button", { name: /Lab.*built in/ }));
    await screen.findByRole("heading", { name: "Lab" });
    await user.click(screen.getByRole("button", { name: /Staging/ }));
    await screen.findByRole("heading", { name: "Staging" });
    expect(field().value).toBe("half of it");
    cleanup();
    render(Profiles);
    await screen.findByRole("heading", { name: "Staging" });
    expect(field().value).toBe("half of it");
    host.fail(
      "save_secret",
      fault({ kind: "storage", id: "secret-store", message: "The keychain is locked.", advice: "Unlock it." }),
    );
    await user.click(within(card()).getByRole("button", { name: "Save secret" }));
    expect(field().value).toBe("half of it");
    // Throwing the edits away, or the client, asks first.
    await user.type(screen.getByLabelText("Profile name"), " x");
    await user.click(screen.getByRole("button", { name: "Revert" }));
    await waitFor(() => expect(dialogs.question?.title).toBe("Throw away the secret you typed?"));
    dialogs.question?.answer("yes");
    expect(field().value).toBe("half of it");
    await user.click(within(card()).getByRole("button", { name: "Remove" }));
    await waitFor(() => expect(dialogs.question?.body).toContain("It was typed for portal."));
    dialogs.question?.answer("other");
    await waitFor(() => expect(screen.queryByText("Client portal")).toBeNull());
    expect(editing.holds).toBe(false);
  });

  it("asks before the window closes over a typed secret", async () => {
    const stop = holdTyped();
    const user = await own();
    const card = screen.getByText("Client portal").closest("details") as HTMLElement;
    await user.click(within(card).getByText("Replace"));
    await user.type(within(card).getByPlaceholderText("paste the client secret"), "typed");
    await waitFor(() => expect(sent("hold_window")).toEqual([{ held: true }]));
    host.leave();
    await waitFor(() => expect(dialogs.question?.body).toContain("A secret is typed in Staging"));
    dialogs.question?.answer("yes");
    expect(sent("leave")).toEqual([]);
    host.leave();
    await waitFor(() => expect(dialogs.question).not.toBeNull());
    dialogs.question?.answer("other");
    await waitFor(() => expect(sent("leave")).toEqual([{}]));
    await user.click(within(card).getByRole("button", { name: "Keep the old one" }));
    await waitFor(() => expect(sent("hold_window")).toEqual([{ held: true }, { held: false }]));
    stop();
  });

  it("a copy leaves behind what belongs to the server, unless it is taken along", async () => {
    const user = await own();
    for (const [choice, sentArgs] of [
      ["cancel", null],
      ["yes", false],
      ["other", true],
    ] as const) {
      const before = sent("duplicate_profile").length;
      await user.click(screen.getAllByRole("button", { name: "Duplicate" })[0] as HTMLElement);
      await waitFor(() => expect(dialogs.question?.title).toContain("without its secrets?"));
      expect(dialogs.question?.body).toContain("https://id.staging.example/realms/shop");
      dialogs.question?.answer(choice);
      if (sentArgs === null) expect(sent("duplicate_profile").length).toBe(before);
      else await waitFor(() => expect(sent<{ take_along: boolean }>("duplicate_profile").at(-1)?.take_along).toBe(sentArgs));
      await waitFor(() => expect(editing.busy).toBeNull());
      await user.click(screen.getAllByRole("button", { name: /Staging/ })[0] as HTMLElement);
      await screen.findByRole("heading", { name: "Staging" });
    }
  });

  it("a copy's question names for whom the secrets were entered, whatever is typed now", async () => {
    const user = await own();
    const issuer = screen.getAllByLabelText("Issuer")[0] as HTMLElement;
    await user.clear(issuer);
    await user.type(issuer, "https://other.example");
    const going = editing.duplicate("staging", "Copy");
    await waitFor(() => expect(dialogs.question?.title).toContain("without its secrets?"));
    expect(dialogs.question?.body).toContain("https://id.staging.example/realms/shop");
    expect(dialogs.question?.body).not.toContain("https://other.example");
    dialogs.question?.answer("cancel");
    await going;
  });

  it("a secret waits until the server it is for is saved", async () => {
    const user = await own();
    const card = screen.getByText("Client portal").closest("details") as HTMLElement;
    await user.click(within(card).getByText("Replace"));
    await user.type(screen.getAllByLabelText("Issuer")[0] as HTMLElement, "x");
    expect(
      await within(card).findByText("Save the profile first; its secret is kept for the server that is saved."),
    ).toBeTruthy();
    expect(within(card).getByPlaceholderText<HTMLInputElement>("paste the client secret").disabled).toBe(true);
  });

  it("says loudly what lies elsewhere and what moved", async () => {
    const user = await own();
    const elsewhere = [{ what: "token endpoint", expected: "https://id.staging.example", found: "https://evil.example" }];
    host.answer("redirect_hint", (open) => ({ ...open, elsewhere }));
    host.answer("discover", (found) => ({ ...found, moved: elsewhere, elsewhere }));
    await user.click(screen.getByRole("button", { name: /^Discover/ }));
    expect((await screen.findByRole("alert")).textContent).toContain(
      "its token endpoint was at https://id.staging.example and is at https://evil.example",
    );
    expect(screen.queryByText(/One address lies/), "said once").toBeNull();
    host.mend("discover");
    await user.click(screen.getByRole("button", { name: /^Discover/ }));
    expect(
      (await screen.findByText(/One address lies at another host than its issuer/)).closest("[role=status]")?.textContent,
    ).toContain("The token endpoint lies at https://evil.example");
    expect(toasts.list.some((toast) => toast.tone === "failed" && toast.message.includes("https://evil.example"))).toBe(true);
    await expectAccessible();
  });

  it("lists what is allowed besides the issuer, and takes it back", async () => {
    const address = {
      server: "provider" as const,
      issuer: "https://id.staging.example/realms/shop",
      origin: "https://token.example",
    };
    const other = { ...address, issuer: "https://id.old.example/realms/shop" };
    host.answer("open_profile", (open) => ({ ...open, allowed: [address, other] }));
    const user = await own();
    expect(screen.getByText("Allowed besides its issuer")).toBeTruthy();
    expect(screen.getByText("of https://id.old.example/realms/shop"), "for which name of the server each holds").toBeTruthy();
    await expectAccessible();
    host.answer("take_back_address", () => [address]);
    await user.click(screen.getByRole("button", { name: "Revoke https://token.example of https://id.old.example/realms/shop" }));
    await waitFor(() => expect(screen.queryByText("of https://id.old.example/realms/shop")).toBeNull());
    expect(sent("take_back_address")).toEqual([{ profile: editing.current, address: other }]);
    expect(toasts.list.at(-1)?.message).toBe("You are asked again before anything goes to https://token.example.");
    host.fail("take_back_address", fault({ id: "secret-store", message: "The keychain is locked.", advice: "Unlock it." }));
    await user.click(screen.getByRole("button", { name: "Revoke https://token.example" }));
    await waitFor(() => expect(toasts.list.some((toast) => toast.message.includes("The keychain is locked."))).toBe(true));
    expect(screen.getByText("https://token.example"), "what was not taken back is still shown").toBeTruthy();
    host.mend("take_back_address");
    await user.click(screen.getByRole("button", { name: "Revoke https://token.example" }));
    await waitFor(() => expect(screen.queryByText("Allowed besides its issuer")).toBeNull());
    expect(editing.edited(editing.current ?? ""), "nothing of the profile was edited").toBe(false);
  });

  it("edits clients and expectations", async () => {
    const user = await own();
    await user.click(screen.getByRole("button", { name: "Add a client" }));
    expect(editing.draft?.profile.clients.length).toBe(8);
    const card = screen.getByText("catalog", { selector: "strong" }).closest("details") as HTMLElement;
    await user.type(within(card).getByLabelText("All of the roles"), "reader,");
    await user.click(within(card).getByText("Add a claim"));
    await user.type(within(card).getByLabelText("Claim path 1"), "email_verified");
    const resource = editing.draft?.profile.resources.find((one) => one.name === "catalog");
    expect(resource?.expectations.roles_all).toEqual(["reader"]);
    expect(resource?.expectations.claims).toEqual([{ path: "email_verified", value: "", pattern: "" }]);
    const lifetime = within(card).getByLabelText("Longest lifetime");
    await user.clear(lifetime);
    await user.type(lifetime, "300{Tab}");
    expect(resource?.expectations.max_lifetime_s).toBe(300);
    await expectAccessible();
  });

  it("states what every API expects, and says there what cannot be read", async () => {
    const user = await own();
    const card = screen.getByText("Every API", { selector: "strong" }).closest("details") as HTMLElement;
    expect(card.querySelector("summary")?.textContent).toContain("none yet");
    await user.click(within(card).getByLabelText("Verifies the signature"));
    const lifetime = within(card).getByLabelText("Longest lifetime");
    await user.clear(lifetime);
    await user.type(lifetime, "300{Tab}");
    await user.click(within(card).getByText("Add a claim"));
    await user.type(within(card).getByLabelText("Pattern 1"), "(");
    expect(editing.draft?.profile.every_api).toMatchObject({ signature: true, max_lifetime_s: 300, claims: [{ pattern: "(" }] });
    expect(card.querySelector("summary")?.textContent).toContain("3 expectations");
    host.fail(
      "save_profile",
      fault({
        id: "bad-expectation",
        message: "The pattern cannot be read: unclosed group.",
        advice: "Correct it.",
        field: "every_api.claims.0.pattern",
      }),
    );
    await user.click(screen.getByRole("button", { name: /^Save(Ctrl|⌘| Ctrl)/ }));
    expect((await within(card).findByRole("alert")).textContent).toContain("unclosed group");
    await expectAccessible();
  });

  it("puts a fault of discovery at its field", async () => {
    const user = await own();
    const issuer = screen.getByLabelText("Issuer", { selector: "#section-provider input" });
    await user.clear(issuer);
    await user.type(issuer, "https://down.example/realms/x");
    await user.click(screen.getByRole("button", { name: "Discover" }));
    expect((await screen.findByRole("alert")).textContent).toContain("down.example refused the connection.");
    expect(issuer.getAttribute("aria-invalid")).toBe("true");
    await expectAccessible();
  });

  it("shows nothing of another server once reading the one named now has failed", async () => {
    const user = await own();
    const found = () => screen.getByRole("complementary", { name: "Discovery result" });
    await user.click(screen.getByRole("button", { name: "Discover" }));
    expect(await screen.findByText(/Read in 84 ms/)).toBeTruthy();
    expect(within(found()).getByRole("heading", { name: "Discovered" })).toBeTruthy();
    const provider = () => editing.draft?.profile.provider;
    if (provider()) Object.assign(provider()?.endpoints ?? {}, { revocation: "https://typed.example/revoke" });
    const issuer = screen.getByLabelText("Issuer", { selector: "#section-provider input" });
    await user.clear(issuer);
    await user.type(issuer, "https://down.example/realms/x");
    await user.click(screen.getByRole("button", { name: "Discover" }));
    expect((await screen.findByRole("alert")).textContent).toContain("down.example refused the connection.");
    expect(await within(found()).findByRole("heading", { name: "Not read yet" })).toBeTruthy();
    expect(screen.queryByText(/Read in 84 ms/)).toBeNull();
    expect(provider()).toMatchObject({
      issuer: "https://down.example/realms/x",
      name: "",
      read_ms: 0,
      scopes: [],
      capabilities: [],
    });
    expect(provider()?.endpoints).toMatchObject({ token: "", jwks: "", revocation: "https://typed.example/revoke" });
    await expectAccessible();
  });

  it("keeps what was read where the same server cannot be asked again", async () => {
    const user = await own();
    await user.click(screen.getByRole("button", { name: "Discover" }));
    expect(await screen.findByText(/Read in 84 ms/)).toBeTruthy();
    const before = editing.draft?.profile.provider.endpoints.token;
    expect(before).not.toBe("");
    host.fail("discover", fault({ id: "unreachable", message: "Nothing listens there.", advice: "Start it.", field: "issuer" }));
    await user.click(screen.getByRole("button", { name: "Discover" }));
    expect((await screen.findByRole("alert")).textContent).toContain("Nothing listens there.");
    expect(editing.draft?.profile.provider.endpoints.token).toBe(before);
    expect(screen.queryByText(/Read in 84 ms/)).toBeNull();
  });

  it("gives a new profile the name of what was found, unless one was typed", async () => {
    const user = await own();
    await user.click(screen.getAllByRole("button", { name: "New profile" })[0] as HTMLElement);
    const issuer = await screen.findByLabelText("Issuer", { selector: "#section-provider input" });
    await user.type(issuer, "https://id.example.org/realms/shop");
    await user.click(screen.getByRole("button", { name: "Discover" }));
    expect(await screen.findByText(/Read in 84 ms/)).toBeTruthy();
    const name = screen.getByLabelText<HTMLInputElement>("Profile name");
    expect(name.value).toBe("Keycloak, realm shop");
    await user.clear(name);
    await user.type(name, "Mine");
    await user.click(screen.getByRole("button", { name: "Discover" }));
    await waitFor(() => expect(editing.busy).toBeNull());
    expect(name.value).toBe("Mine");
  });

  it("takes over what discovery finds, and nothing else", async () => {
    const user = await own();
    await user.type(screen.getByLabelText("Profile name"), "!");
    await user.click(screen.getByRole("button", { name: "Discover" }));
    expect(await screen.findByText(/Read in 84 ms/)).toBeTruthy();
    expect(editing.draft?.profile.name).toBe("Staging!");
    expect(screen.getByText("What it supports")).toBeTruthy();
  });

  it("asks for the realm when only the host is given, and shows what was asked", async () => {
    const user = await own();
    const issuer = screen.getByLabelText("Issuer", { selector: "#section-provider input" });
    await user.clear(issuer);
    await user.type(issuer, "http://127.0.0.1:18080");
    await user.click(screen.getByRole("button", { name: "Discover" }));
    const realm = await screen.findByLabelText("Realm", { selector: "input" });
    expect((await screen.findByRole("alert")).textContent).toContain("is a Keycloak");
    expect(await screen.findByText("2 addresses were asked")).toBeTruthy();
    await expectAccessible();
    await user.type(realm, "shop{Enter}");
    await waitFor(() => expect(editing.draft?.profile.provider.issuer).toBe("http://127.0.0.1:18080/realms/shop"));
    expect(sent<{ realm: string }>("discover").map((args) => args.realm)).toEqual(["", "shop"]);
    expect(screen.queryByLabelText("Realm", { selector: "input" })).toBeNull();
  });

  it("asks for the tenant where the address stands for all of them", async () => {
    const user = await own();
    const issuer = screen.getByLabelText("Issuer", { selector: "#section-provider input" });
    await user.clear(issuer);
    await user.type(issuer, "https://login.microsoftonline.com/common/v2.0");
    await user.click(screen.getByRole("button", { name: "Discover" }));
    const tenant = await screen.findByLabelText("Tenant", { selector: "input" });
    expect(screen.queryByLabelText("Realm", { selector: "input" })).toBeNull();
    await user.type(tenant, "contoso.com{Enter}");
    await waitFor(() =>
      expect(editing.draft?.profile.provider.issuer).toBe("https://login.microsoftonline.com/contoso.com/v2.0"),
    );
  });

  it("says in place how reading events is granted", async () => {
    const user = await own();
    await user.click(screen.getByText("How to grant it"));
    expect(await screen.findByText(/Service accounts roles on/)).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Copy the lines" }));
    expect(sent<{ source: { text: string } }>("copy")[0]?.source.text).toContain("--rolename view-events");
    await user.click(screen.getByText("A user"));
    expect(screen.getByRole("region", { name: "Lines for kcadm" }).textContent).toContain("--uusername USER");
    await expectAccessible();
  });

  it("deletes with a way back", async () => {
    const user = await own();
    await user.click(screen.getByRole("button", { name: "Delete profile" }));
    expect(await screen.findByRole("heading", { name: "Lab" })).toBeTruthy();
    toasts.list.at(-1)?.action?.run();
    expect(await screen.findByRole("heading", { name: "Staging" })).toBeTruthy();
  });

  it("makes a new profile that Save creates", async () => {
    const user = userEvent.setup();
    render(Profiles);
    await user.click((await screen.findAllByRole("button", { name: "New profile" }))[0] as HTMLElement);
    expect(await screen.findByText("not saved yet", { selector: ".badge" })).toBeTruthy();
    host.fail(
      "save_profile",
      fault({ id: "no-issuer", message: "The issuer is missing.", advice: "Type it or paste it.", field: "provider.issuer" }),
    );
    await user.click(screen.getByRole("button", { name: /^Save(Ctrl|⌘| Ctrl)/ }));
    expect((await screen.findByRole("alert")).textContent).toContain("The issuer is missing.");
    expect(sent<{ profile: Profile }>("save_profile")[0]?.profile.id).toBe("");
  });

  it("opens the section another view asks for", async () => {
    view.editProfile("resources:orders-api");
    render(Profiles);
    await screen.findByRole("heading", { name: "Lab" });
    await waitFor(() => expect(screen.getByText("orders-api", { selector: "strong" }).closest("details")?.open).toBe(true));
    expect(view.section).toBeNull();
  });
});
