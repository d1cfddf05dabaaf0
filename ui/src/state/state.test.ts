import { beforeEach, describe, expect, it, vi } from "vitest";
import { openForm } from "../host/fake/forms";
import { boot } from "../test/app";
import { drafts } from "./drafts.svelte";
import { placeOf } from "./faults";
import { spell } from "./keyboard.svelte";
import { operations } from "./operations.svelte";
import { session } from "./session.svelte";
import { toasts } from "./toasts.svelte";
import { view } from "./view.svelte";
import { fakeHost, fault } from "../host/fake";
import { useHost } from "../host/host";
import type { Draft, Preview } from "../wire/types";

const form = (token: string) => openForm("token_exchange", token).form;
const subject = () => drafts.of("lab", "token_exchange").values.subject_token;

describe("drafts", () => {
  beforeEach(() => drafts.reset("lab", "token_exchange"));

  it("follow the proposal until touched", () => {
    drafts.propose("lab", form("a"), false);
    drafts.propose("lab", form("b"), false);
    expect(subject()).toEqual(["token:b"]);
    drafts.set("lab", "token_exchange", "subject_token", ["token:mine"]);
    drafts.propose("lab", form("c"), false);
    expect(subject()).toEqual(["token:mine"]);
  });

  it("take the token the user selects, and keep the rest", () => {
    drafts.propose("lab", form("a"), false);
    drafts.set("lab", "token_exchange", "scope", ["email"]);
    drafts.set("lab", "token_exchange", "subject_token", ["token:mine"]);
    drafts.propose("lab", form("picked"), true);
    expect(subject()).toEqual(["token:picked"]);
    expect(drafts.of("lab", "token_exchange").values.scope).toEqual(["email"]);
  });

  it("hold still under their outcome, until another operation brings tokens", () => {
    drafts.propose("lab", form("a"), false);
    drafts.pin("lab", "token_exchange");
    drafts.propose("lab", form("issued"), false);
    expect(subject()).toEqual(["token:a"]);
    drafts.release("lab", "log_in");
    drafts.propose("lab", form("fresh"), false);
    expect(subject()).toEqual(["token:fresh"]);
  });

  it("leave out what the server does not know and nameless parameters", () => {
    drafts.propose("lab", form("a"), false);
    drafts.setExtra("lab", "token_exchange", [
      { name: "", value: "x" },
      { name: "requested_issuer", value: "github" },
    ]);
    const draft = drafts.draft("lab", form("a"));
    expect(draft.values.map((pair) => pair.name)).not.toContain("resource");
    expect(draft.values.filter((pair) => pair.name === "scope")).toHaveLength(2);
    expect(draft.extra).toEqual([{ name: "requested_issuer", value: "github" }]);
  });

  it("show and send the fields of the chosen exchange only, and keep what was typed in the others", () => {
    const names = () => drafts.shown("lab", form("a")).map((field) => field.name);
    drafts.propose("lab", form("a"), false);
    expect(names()).not.toContain("requested_subject");
    drafts.set("lab", "token_exchange", "exchange", ["impersonation"]);
    drafts.set("lab", "token_exchange", "requested_subject", ["bob"]);
    expect(names()).toContain("requested_subject");
    expect(drafts.draft("lab", form("a")).values).toContainEqual({ name: "requested_subject", value: "bob" });
    drafts.set("lab", "token_exchange", "exchange", ["standard"]);
    expect(drafts.draft("lab", form("a")).values.map((pair) => pair.name)).not.toContain("requested_subject");
    drafts.set("lab", "token_exchange", "exchange", ["danger_naked_impersonation"]);
    expect(names()).not.toContain("subject_token");
    expect(drafts.of("lab", "token_exchange").values.requested_subject).toEqual(["bob"]);
  });
});

describe("a finished step", () => {
  it("brings the profile it taught something", async () => {
    const host = await boot("lab");
    const before = session.profile;
    if (before === null) throw new Error("the fake has a profile");
    const taught = { ...before, provider: { ...before.provider, capabilities: [] } };
    session.took({
      ...(await host.call("run", { run: "r", draft: { operation: "refresh", profile: "lab", values: [], extra: [] } })),
      profile: taught,
    });
    expect(session.profile).toEqual(taught);
  });
});

describe("preview", () => {
  it("lets the latest question win, whatever order the answers come in", async () => {
    const host = fakeHost("lab", 0);
    const waiting: ((answer: Preview) => void)[] = [];
    useHost({
      ...host,
      call: (name, args) =>
        name === "preview" ? (new Promise((done) => waiting.push(done as never)) as never) : host.call(name, args),
    });
    const draft: Draft = { operation: "token_exchange", profile: "lab", values: [], extra: [] };
    const first = operations.look(draft);
    const second = operations.look(draft);
    const answer = (note: string): Preview => ({
      snippets: [],
      masked: false,
      in_browser: false,
      faults: [],
      warnings: [],
      foreign: [],
      questions: [],
      ready: [{ name: note, value: "", checked: true, counts: false }],
    });
    waiting[1]?.(answer("second"));
    waiting[0]?.(answer("first"));
    await Promise.all([first, second]);
    expect(operations.preview?.ready[0]?.name).toBe("second");
  });
});

describe("session", () => {
  it("forgets selected tokens that are gone, and puts one back where it was", async () => {
    const host = await boot();
    const before = session.tokens.map((token) => token.id);
    const access = session.token("t-access");
    if (!access) throw new Error("no such token");
    view.point(["t-access", "t-id"]);
    await session.removeToken(access);
    expect(view.selected).toEqual(["t-id"]);
    toasts.list.find((toast) => toast.message.includes("off the shelf"))?.action?.run();
    await vi.waitFor(() => expect(session.tokens.map((token) => token.id)).toEqual(before));

    host.fail("remove_token", fault({ id: "journal", message: "The journal cannot be written." }));
    toasts.list = [];
    await session.removeToken(access);
    expect(toasts.list.map((toast) => toast.message).join()).not.toContain("off the shelf");
    expect(session.token("t-access")).toBeDefined();
  });

  it("puts a token back that was taken off long ago", async () => {
    await boot();
    const [first, second] = session.tokens;
    if (!first || !second) throw new Error("no tokens");
    toasts.list = [];
    session.removed = [];
    await session.removeToken(first);
    for (let turn = 0; turn < 4; turn++) toasts.say(`said ${turn}`);
    expect(toasts.list.some((toast) => toast.action !== undefined)).toBe(true);
    expect(session.removed).toEqual([first]);
    await session.putBack(first);
    expect(session.token(first.id)).toBeDefined();
    expect(session.removed).toEqual([]);
  });

  it("reads the lab's profile again after a start, for its ports are new", async () => {
    const host = await boot();
    await session.startLab();
    expect(host.calls.map((one) => one.name)).toContain("choose_profile");
  });

  it("fills forms with what was chosen by hand and not with what a step has issued", () => {
    view.select("t-access");
    expect(view.chosen).toBe("t-access");
    view.show("t-app");
    expect(view.selected).toEqual(["t-app"]);
    expect(view.chosen).toBeNull();
    view.select("t-app");
    expect(view.chosen).toBe("t-app");
    view.show("t-app");
    view.compare(["t-access", "t-app"]);
    expect(view.chosen).toBe("t-access");
  });

  it("never selects more than a comparison takes", () => {
    view.point([]);
    for (const id of ["a", "b", "c", "d", "e"]) view.toggle(id);
    expect(view.selected).toEqual(["a", "b", "c", "e"]);
  });
});

describe("faults", () => {
  it("have one place each", () => {
    expect(placeOf(fault({ field: "issuer" }))).toBe("field");
    expect(placeOf(fault({ field: null }))).toBe("banner");
    expect(placeOf(fault({ kind: "cancelled" }))).toBe("nowhere");
  });
});

describe("keys", () => {
  it.each([
    [{ key: "k", ctrlKey: true }, "Mod+K"],
    [{ key: "k", metaKey: true }, "Mod+K"],
    [{ key: "?", shiftKey: true }, "?"],
    [{ key: "C", ctrlKey: true, shiftKey: true }, "Mod+Shift+C"],
    [{ key: "Enter", ctrlKey: true }, "Mod+Enter"],
    [{ key: "Escape" }, "Escape"],
  ])("%j is %s", (event, keys) => {
    expect(spell(new KeyboardEvent("keydown", event))).toBe(keys);
  });
});
