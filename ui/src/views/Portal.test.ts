import { cleanup, render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fault, type FakeHost } from "../host/fake";
import { clock } from "../state/clock.svelte";
import { dialogs } from "../state/dialogs.svelte";
import { drafts } from "../state/drafts.svelte";
import { keyboard } from "../state/keyboard.svelte";
import { portal } from "../state/portal.svelte";
import { session } from "../state/session.svelte";
import { toasts } from "../state/toasts.svelte";
import { view } from "../state/view.svelte";
import { boot } from "../test/app";
import { expectAccessible } from "../test/axe";
import type { Draft, Profile } from "../wire/types";
import Portal from "./Portal.svelte";

let host: FakeHost;
const asked = () => host.calls.filter((call) => call.name === "ask_portal").map((call) => (call.args as { draft: Draft }).draft);
const values = (draft: Draft | undefined) => Object.fromEntries((draft?.values ?? []).map((pair) => [pair.name, pair.value]));

beforeEach(async () => {
  host = await boot();
  Object.assign(portal, {
    place: null,
    token: null,
    applications: null,
    chosen: null,
    keys: [],
    subscriptions: [],
    secrets: {},
    apis: [],
    unread: { applications: 0, apis: 0, subscriptions: 0 },
    policies: [],
    keyManagers: [],
    name: "",
    description: "",
    last: null,
    fates: [],
    fault: null,
  });
});
afterEach(cleanup);

async function openWebShop(user: ReturnType<typeof userEvent.setup>): Promise<void> {
  await user.click(await screen.findByRole("button", { name: /^Web shop/ }));
  await screen.findByRole("article", { name: /^Key vYDoc9/ });
  await waitFor(() => expect(portal.busy).toBe(false));
}

describe("Portal", () => {
  it("reads applications with a token of the portal, each call with its draft, and passes axe", async () => {
    render(Portal);
    expect(await screen.findByRole("button", { name: /^Web shop/ })).toBeTruthy();
    await waitFor(() =>
      expect(asked().map((draft) => values(draft)["call"])).toEqual(["applications", "apis", "policies", "key_managers"]),
    );
    expect(values(asked()[0])["token"]).toMatch(/^token:t-/);
    expect(asked().every((draft) => draft.operation === "portal" && draft.profile === "lab")).toBe(true);
    await expectAccessible();
  });

  it("reads everything once, also when it is asked for twice", async () => {
    render(Portal);
    await screen.findByRole("button", { name: /^Web shop/ });
    await waitFor(() => expect(portal.busy).toBe(false));
    const before = asked().length;
    await Promise.all([portal.readAll(), portal.readAll()]);
    expect(
      asked()
        .slice(before)
        .map((draft) => values(draft)["call"]),
    ).toEqual(["applications", "apis", "policies", "key_managers"]);
    await portal.readAll();
    expect(asked()).toHaveLength(before + 8);
  });

  it("reads a list with all its pages, and says how much of a longer one is left", async () => {
    const one = { description: "", policy: "Unlimited", status: "APPROVED", owner: "alice", subscriptions: 0 };
    let total = 250;
    host.answer("ask_portal", (answered) => {
      if (answered.answer?.what !== "applications") return answered;
      const from = Number(values(asked().at(-1))["offset"] ?? "0");
      // The last of a page comes again as the first of the next, as where one was made between two requests.
      const list = Array.from({ length: Math.min(100, total - from) }, (_, index) => ({
        ...one,
        id: `app-${String(Math.max(0, from + index - (from > 0 && index === 0 ? 1 : 0)))}`,
        name: `Application ${String(from + index)}`,
      }));
      return { ...answered, answer: { what: "applications", list, total } };
    });
    render(Portal);
    await waitFor(() => expect(portal.applications?.length).toBe(248));
    expect(
      asked()
        .filter((draft) => values(draft)["call"] === "applications")
        .map((draft) => values(draft)["offset"]),
    ).toEqual([undefined, "100", "200"]);
    await waitFor(() => expect(portal.busy).toBe(false));
    expect(screen.getAllByRole("button", { name: /^Application \d/ })).toHaveLength(200);
    await userEvent.click(screen.getByRole("button", { name: "and 48 more" }));
    expect(screen.getAllByRole("button", { name: /^Application \d/ })).toHaveLength(248);
    total = 5_000;
    await portal.readAll();
    expect(portal.applications?.length).toBeLessThanOrEqual(1_000);
    expect(await screen.findByText(/^The portal has 4,0\d\d more applications than are read here\.$/)).toBeTruthy();
  });

  it("creates an application, generates keys, and says where the secret went", async () => {
    const user = userEvent.setup();
    render(Portal);
    await screen.findByRole("button", { name: /^Web shop/ });
    await waitFor(() => expect(portal.busy).toBe(false));
    await user.type(screen.getByRole("textbox", { name: "Name of a new application" }), "Billing");
    await user.click(screen.getByRole("button", { name: "Create" }));
    expect(await screen.findByRole("heading", { name: "Billing" })).toBeTruthy();
    await waitFor(() => expect(portal.busy).toBe(false));
    await user.click(screen.getByRole("button", { name: "Generate keys" }));
    expect(await screen.findByText(/was taken from the answer and not shown/)).toBeTruthy();
    const sent = asked().find((draft) => values(draft)["call"] === "generate_keys");
    expect(values(sent)).toMatchObject({ key_type: "PRODUCTION", key_manager: "Resident Key Manager" });
    expect(sent?.values.filter((pair) => pair.name === "grant").map((pair) => pair.value)).toEqual([
      "client_credentials",
      "urn:ietf:params:oauth:grant-type:jwt-bearer",
    ]);
    expect(document.body.textContent).not.toMatch(/s3cret/);
    await expectAccessible();
  });

  it("keeps what was typed when a name is taken, with the server's words, cause and fix", async () => {
    const user = userEvent.setup();
    render(Portal);
    await screen.findByRole("button", { name: /^Web shop/ });
    await waitFor(() => expect(portal.busy).toBe(false));
    const name = screen.getByRole("textbox", { name: "Name of a new application" });
    await user.type(name, "Web shop");
    await user.click(screen.getByRole("button", { name: "Create" }));
    expect(await screen.findByText(/names are unique for each owner/)).toBeTruthy();
    expect(screen.getByText(/"code":900301/)).toBeTruthy();
    expect((name as HTMLInputElement).value).toBe("Web shop");
    keyboard.press(new KeyboardEvent("keydown", { key: "Escape" }));
    await waitFor(() => expect(screen.queryByRole("region", { name: "Last call" })).toBeNull());
    await user.click(screen.getByRole("button", { name: "Create" }));
    await screen.findByText(/"code":900301/);
    await user.click(screen.getByRole("button", { name: "Copy curl" }));
    expect(host.calls.at(-1)).toMatchObject({ name: "copy", args: { source: { what: "exchange", format: "bash", seq: 1 } } });
    await user.click(screen.getByRole("button", { name: "Close the last call" }));
    expect([portal.last, (name as HTMLInputElement).value]).toEqual([null, "Web shop"]);
  });

  it("adds a secret beside the first and revokes any but the newest", async () => {
    const user = userEvent.setup();
    render(Portal);
    await openWebShop(user);
    await user.type(screen.getByRole("textbox", { name: "Description of the new secret" }), "laptop");
    await user.click(screen.getByRole("button", { name: "Generate secret" }));
    const list = await screen.findByRole("list", { name: /^Secrets of vYDoc9/ });
    await waitFor(() => expect(within(list).getAllByRole("listitem").length).toBe(2));
    await waitFor(() => expect(portal.busy).toBe(false));
    const buttons = within(list).getAllByRole<HTMLButtonElement>("button", { name: "Revoke" });
    expect(buttons.map((button) => button.disabled)).toEqual([false, true]);
    await user.click(buttons[0] as HTMLButtonElement);
    await waitFor(() => expect(asked().some((draft) => values(draft)["secret"] === "sec_1")).toBe(true));
  });

  it("asks before the only lasting secret goes, and shows an ended one as ended", async () => {
    const user = userEvent.setup();
    render(Portal);
    await openWebShop(user);
    await user.type(screen.getByRole("textbox", { name: "Life of the new secret in seconds" }), "60");
    await user.click(screen.getByRole("button", { name: "Generate secret" }));
    const list = await screen.findByRole("list", { name: /^Secrets of vYDoc9/ });
    await waitFor(() => expect(within(list).getAllByRole("listitem").length).toBe(2));
    await waitFor(() => expect(portal.busy).toBe(false));
    expect(toasts.list.some((one) => one.message.includes("it has an end"))).toBe(true);
    const [first, second] = within(list).getAllByRole("listitem");
    expect([first?.textContent, second?.textContent].map((text) => /no end|until/.exec(text ?? "")?.[0])).toEqual([
      "no end",
      "until",
    ]);
    await user.click(within(list).getAllByRole("button", { name: "Revoke" })[0] as HTMLButtonElement);
    expect(dialogs.question?.title).toBe("Revoke the only secret without an end?");
    dialogs.question?.answer("cancel");
    expect(asked().some((draft) => values(draft)["call"] === "revoke_secret")).toBe(false);
    const past = Math.floor(clock.now / 1000) - 5;
    portal.secrets = Object.fromEntries(
      Object.entries(portal.secrets).map(([key, list]) => [
        key,
        list.map((one) => (one.expires_at === null ? one : { ...one, expires_at: past })),
      ]),
    );
    expect(await within(list).findByText(/ended /)).toBeTruthy();
    expect(screen.getByText(/the newest secret has ended/)).toBeTruthy();
  });

  it("offers what the release has for secrets, and says why not the other", async () => {
    const user = userEvent.setup();
    render(Portal);
    await openWebShop(user);
    expect(screen.queryByRole("button", { name: "Regenerate secret" })).toBeNull();
    expect(screen.getByRole("button", { name: "Generate secret" })).toBeTruthy();
    expect(screen.getByText(/refuses to regenerate one/)).toBeTruthy();
    cleanup();

    const older = session.profile as Profile;
    await host.call("save_profile", {
      profile: { ...older, gateway: { ...(older.gateway as NonNullable<Profile["gateway"]>), release: "4.6" } },
    });
    render(Portal);
    await openWebShop(user);
    expect([
      screen.queryByRole("button", { name: "Generate secret" }),
      screen.queryByRole("button", { name: "List secrets" }),
    ]).toEqual([null, null]);
    expect(screen.getByText(/4.6 keeps one secret/)).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Regenerate secret" }));
    await waitFor(() => expect(asked().some((draft) => values(draft)["call"] === "regenerate_secret")).toBe(true));
  });

  it("subscribes to what is left and unsubscribes", async () => {
    const user = userEvent.setup();
    render(Portal);
    await openWebShop(user);
    await user.click(screen.getByRole("button", { name: "Subscribe" }));
    expect(await screen.findByRole("cell", { name: "Orders 1.0" })).toBeTruthy();
    expect(screen.getByRole("button", { name: /^Web shop/ }).textContent).toContain("2 subscriptions");
    await waitFor(() => expect(portal.busy).toBe(false));
    await user.click(screen.getAllByRole("button", { name: "Unsubscribe" })[0] as HTMLButtonElement);
    await waitFor(() => expect(screen.queryByRole("cell", { name: "Catalog 1.0" })).toBeNull());
  });

  it("takes a better token as soon as there is one, and keeps one that was chosen by hand", async () => {
    const user = userEvent.setup();
    render(Portal);
    await screen.findByRole("button", { name: /^Web shop/ });
    await waitFor(() => expect(portal.busy).toBe(false));
    const first = portal.token;
    const best = { ...session.tokens.find((one) => one.id === first), id: "t-better" } as (typeof session.tokens)[number];
    host.put(best);
    session.setTokens([...session.tokens, best]);
    await waitFor(() => expect(portal.token).toBe("t-better"));
    await waitFor(() =>
      expect(
        asked()
          .filter((draft) => values(draft)["call"] === "applications")
          .map((draft) => values(draft)["token"]),
      ).toEqual([`token:${first}`, "token:t-better"]),
    );
    await waitFor(() => expect(portal.busy).toBe(false));
    await user.click(screen.getByRole("combobox", { name: /^Token for the portal/ }));
    await user.click(screen.getAllByRole("option")[1] as HTMLElement);
    const chosen = portal.token;
    expect(chosen).not.toBe("t-better");
    await portal.open();
    expect(portal.token).toBe(chosen);
  });

  it("leads from a new key to its forms in Run", async () => {
    const user = userEvent.setup();
    render(Portal);
    await screen.findByRole("button", { name: /^Web shop/ });
    await waitFor(() => expect(portal.busy).toBe(false));
    await user.type(screen.getByRole("textbox", { name: "Name of a new application" }), "Billing");
    await user.click(screen.getByRole("button", { name: "Create" }));
    await screen.findByRole("heading", { name: "Billing" });
    await waitFor(() => expect(portal.busy).toBe(false));
    await user.click(screen.getByRole("button", { name: "Generate keys" }));
    const card = await screen.findByRole("article", { name: /^Key key/ });
    const key = portal.keys[0]?.consumer_key ?? "";
    await waitFor(() => expect(within(card).getByRole<HTMLButtonElement>("button", { name: "Map a user" }).disabled).toBe(false));
    drafts.fill(
      "jwt_bearer",
      ["openid", "apim:subscribe"].map((value) => ({ name: "scope", value })),
    );
    await user.click(within(card).getByRole("button", { name: "Map a user" }));
    expect(drafts.of("lab", "jwt_bearer").values["scope"], "the portal's scopes are no use to an application").toEqual([
      "openid",
    ]);
    expect([view.place, view.operation, drafts.of("lab", "jwt_bearer").values["client"]]).toEqual(["run", "jwt_bearer", [key]]);
    await user.click(within(card).getByRole("button", { name: "Open in Run" }));
    expect([view.operation, drafts.of("lab", "client_credentials").values["client"]]).toEqual(["client_credentials", [key]]);
  });

  it("lets go of what belonged to a deleted application: the word about its secret, and its client", async () => {
    const user = userEvent.setup();
    render(Portal);
    await openWebShop(user);
    await user.click(screen.getByRole("button", { name: "Generate secret" }));
    expect(await screen.findByText(/was taken from the answer and not shown/)).toBeTruthy();
    await waitFor(() => expect(portal.busy).toBe(false));
    const application = portal.application;
    if (application === null) throw new Error("none is open");
    await portal.remove(application);
    expect(values(asked().at(-1))).toMatchObject({ call: "delete_application", client: "vYDoc9s7IgAFdkSyNDaswBX7ejoa" });
    await waitFor(() => expect(screen.queryByText(/was taken from the answer/)).toBeNull());
    expect(toasts.list.at(-1)?.message).toMatch(/^vYDoc9s7IgAFdkSyNDaswBX7ejoa is void/);
  });

  it("finds the application of a consumer key, and says when there is none", async () => {
    render(Portal);
    await screen.findByRole("button", { name: /^Web shop/ });
    await waitFor(() => expect(portal.busy).toBe(false));
    await portal.seek("unknown");
    expect([portal.chosen, toasts.list.at(-1)?.message]).toEqual([
      null,
      "None of the applications this token sees has the consumer key unknown.",
    ]);
    await portal.seek("vYDoc9s7IgAFdkSyNDaswBX7ejoa");
    expect(await screen.findByRole("article", { name: /^Key vYDoc9/ })).toBeTruthy();
  });

  it("asks before it deletes an application", async () => {
    const user = userEvent.setup();
    render(Portal);
    await openWebShop(user);
    await user.click(screen.getAllByRole("button", { name: "Delete" })[0] as HTMLButtonElement);
    expect(dialogs.question?.body).toContain("keys stop working at once");
    dialogs.question?.answer("cancel");
    await waitFor(() => expect(dialogs.question).toBeNull());
    expect(asked().some((draft) => values(draft)["call"] === "delete_application")).toBe(false);
  });

  it("lays the user's two tokens side by side and offers what opens the portal", async () => {
    const user = userEvent.setup();
    host = await boot("thin");
    await session.choose("lab");
    render(Portal);
    await user.click(await screen.findByRole("button", { name: "Why?" }));
    const dialog = await screen.findByRole("dialog", { name: "From Keycloak's user to WSO2's" });
    expect(await within(dialog).findByText(/granted alice none of the portal's scopes/)).toBeTruthy();
    const scopes = within(dialog).getByRole("table", { name: "The portal's scopes" });
    expect(within(scopes).getAllByText("left out").length).toBe(3);
    await expectAccessible(dialog);
    const mapper = within(dialog).getByRole("region", { name: "Keycloak: write the realm roles into a top-level array roles" });
    await user.click(within(mapper).getByRole("button", { name: "Copy JSON" }));
    const copied = host.calls.findLast((call) => call.name === "copy")?.args as { source: { what: string; text: string } };
    expect(JSON.parse(copied.source.text)).toMatchObject({
      protocolMapper: "oidc-usermodel-realm-role-mapper",
      config: { multivalued: "true" },
    });
    await user.click(within(dialog).getByRole("button", { name: "Map the user again" }));
    expect([view.operation, screen.queryByRole("dialog")]).toEqual(["jwt_bearer", null]);
  });

  it("writes down what Keycloak needs for the way back", async () => {
    const user = userEvent.setup();
    render(Portal);
    await screen.findByRole("button", { name: /^Web shop/ });
    await user.click(screen.getByRole("button", { name: "Mapping" }));
    const dialog = await screen.findByRole("dialog", { name: "From Keycloak's user to WSO2's" });
    await user.click(await within(dialog).findByText("The way back"));
    const entry = within(dialog).getByRole("region", { name: "Keycloak: know the gateway as an identity provider" });
    await expectAccessible(dialog);
    await user.click(within(entry).getByRole("button", { name: "Copy JSON" }));
    const copied = host.calls.findLast((call) => call.name === "copy")?.args as { source: { text: string } };
    expect(JSON.parse(copied.source.text)).toMatchObject({
      alias: "wso2",
      providerId: "oidc",
      config: { disableUserInfo: "false" },
    });
    await user.click(within(dialog).getByRole("button", { name: "Close" }));
  });

  it("asks again when another claim is the one WSO2 reads", async () => {
    const user = userEvent.setup();
    render(Portal);
    await screen.findByRole("button", { name: /^Web shop/ });
    await user.click(screen.getByRole("button", { name: "Mapping" }));
    const dialog = await screen.findByRole("dialog", { name: "From Keycloak's user to WSO2's" });
    await user.click(await within(dialog).findByRole("combobox", { name: /^Role claim at WSO2/ }));
    await user.click(await screen.findByRole("option", { name: /realm_access/ }));
    await waitFor(() =>
      expect(host.calls.findLast((call) => call.name === "mapping")?.args).toMatchObject({ claim: "realm_access.roles" }),
    );
    await user.click(within(dialog).getByRole("button", { name: "Close" }));
  });

  it("registers a client with a password that is sent once", async () => {
    const user = userEvent.setup();
    render(Portal);
    await screen.findByRole("button", { name: /^Web shop/ });
    await waitFor(() => expect(portal.busy).toBe(false));
    await user.click(screen.getByRole("button", { name: "Register a client" }));
    await user.type(await screen.findByLabelText("Password"), "secret of admin");
    await user.click(screen.getByRole("button", { name: "Register" }));
    await waitFor(() =>
      expect(values(asked().at(-1))).toMatchObject({
        call: "register",
        username: "admin",
        password: "secret of admin",
        name: "claimscope",
      }),
    );
    expect(values(asked().at(-1))["token"]).toBeUndefined();
  });

  it("leads to a token when there is none, and to the profile when there is no portal", async () => {
    const user = userEvent.setup();
    session.setTokens([]);
    host.fail("open_portal", fault({ kind: "bug", id: "x", message: "It broke.", advice: "Report it." }));
    render(Portal);
    expect(await screen.findByText("It broke.")).toBeTruthy();
    cleanup();

    host = await boot("trouble");
    Object.assign(portal, { fault: null });
    await session.choose("lab");
    render(Portal);
    await user.click(await screen.findByRole("button", { name: "Get a portal token" }));
    expect(view.operation).toBe("jwt_bearer");
    expect(drafts.of("lab", "jwt_bearer").values["scope"]).toContain("apim:subscribe");
  });
});
