import { cleanup, render, screen, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import App from "./App.svelte";
import { fakeHost, fault, type FakeHost } from "./host/fake";
import { useHost } from "./host/host";
import { connecting } from "./state/connecting.svelte";
import { copying } from "./state/copying.svelte";
import { dialogs } from "./state/dialogs.svelte";
import { drafts } from "./state/drafts.svelte";
import { operations } from "./state/operations.svelte";
import { runs } from "./state/runs.svelte";
import { sequences } from "./state/sequences.svelte";
import { session } from "./state/session.svelte";
import { toasts } from "./state/toasts.svelte";
import { view } from "./state/view.svelte";
import { expectAccessible } from "./test/axe";
import type { TokenView } from "./wire/types";

let host: FakeHost;
const user = userEvent.setup();

async function open(scenario = "lab", pace = 0): Promise<void> {
  host = fakeHost(scenario, pace);
  useHost(host);
  render(App);
  await vi.waitFor(() => expect(session.ready).toBe(true));
  if (scenario !== "first") await screen.findByRole("button", { name: /^Exchange|^Log in/ });
}

beforeEach(() => {
  session.ready = false;
  session.failure = null;
  runs.ended = {};
  runs.current = null;
  toasts.list = [];
  dialogs.open = null;
  dialogs.question = null;
  copying.secrets = "ask";
  operations.clear();
  sequences.shown = null;
  sequences.step = null;
  connecting.edited();
  connecting.issuer = "";
  view.pane = "request";
  drafts.reset("lab", "token_exchange");
  drafts.reset("lab", "log_in");
});
afterEach(cleanup);

const calls = (name: string) => host.calls.filter((one) => one.name === name);
const shelf = () => within(screen.getByRole("complementary", { name: "Tokens" }));
const runButton = () => document.getElementById("run-button") as HTMLButtonElement;

describe("start", () => {
  it("says why the backend did not start", async () => {
    host = fakeHost("lab", 0);
    host.fail(
      "boot",
      fault({ kind: "storage", id: "newer", message: "The profiles are from a newer version.", advice: "Update Claimscope." }),
    );
    useHost(host);
    render(App);
    expect((await screen.findByRole("alert")).textContent).toContain("from a newer version");
  });

  it("starts the lab and the login with one click", async () => {
    await open("first");
    await expectAccessible();
    await user.click(screen.getByRole("button", { name: "Start the lab" }));
    await vi.waitFor(() => expect(calls("run")).toHaveLength(1));
    expect(calls("run")[0]?.args).toMatchObject({ draft: { operation: "log_in", profile: "lab" } });
    await screen.findByRole("heading", { name: "alice is logged in" });
    expect(view.place).toBe("run");
  });

  it("puts the fault of a lab that does not start beside its button", async () => {
    await open("first");
    host.fail("start_lab", fault({ kind: "network", id: "port", message: "No port is free.", advice: "Close a program." }));
    await user.click(screen.getByRole("button", { name: "Start the lab" }));
    expect((await screen.findByRole("alert")).textContent).toContain("No port is free. Close a program.");
  });

  it("shows what is wrong with an issuer at its field and keeps what was typed", async () => {
    await open("first");
    const field = screen.getByLabelText("Issuer URL") as HTMLInputElement;
    await user.type(field, "nonsense{Enter}");
    expect((await screen.findByRole("alert")).textContent).toContain("This is not a URL.");
    expect(field.value).toBe("nonsense");
    expect(field.getAttribute("aria-invalid")).toBe("true");
  });

  it("discovers, prints the redirect URI, saves and opens the login", async () => {
    await open("first");
    await user.type(screen.getByLabelText("Issuer URL"), "https://id.example.com/realms/shop{Enter}");
    await screen.findByText("Login with PKCE S256");
    expect(document.getElementById("redirect-uri")?.textContent).toBe("http://127.0.0.1/*");
    await user.click(screen.getByRole("button", { name: "localhost" }));
    await vi.waitFor(() => expect(document.getElementById("redirect-uri")?.textContent).toBe("http://localhost/callback"));
    await expectAccessible();
    const client = screen.getByLabelText("Client ID");
    await user.clear(client);
    await user.type(client, "workbench");
    await user.click(screen.getByRole("button", { name: "Save and log in" }));
    await vi.waitFor(() => expect(calls("choose_profile")).toHaveLength(1));
    expect(calls("save_profile")[0]?.args).toMatchObject({
      profile: { clients: [{ client_id: "workbench", login: true }], redirect: { host: "localhost", port: 0 } },
    });
    expect(view.operation).toBe("log_in");
  });
});

describe("frame", () => {
  it("starts the lab anew as the other release and says which one runs", async () => {
    await open();
    await user.click(screen.getByRole("button", { name: /^Profile:/ }));
    await user.click(screen.getByRole("menuitem", { name: /Restart the lab with gateway 4.6/ }));
    await vi.waitFor(() => expect(calls("start_lab").map((one) => one.args)).toEqual([{ legacy: false, release: "4.6" }]));
    expect(await screen.findByText(/gateway 4.6 and APIs are running/)).toBeTruthy();
    expect(session.profile?.gateway?.release).toBe("4.6");
    // The other choice is kept over a restart.
    dialogs.open = "lab";
    await user.click(await screen.findByRole("button", { name: "Restart the lab with the legacy exchange" }));
    await vi.waitFor(() => expect(calls("start_lab").at(-1)?.args).toEqual({ legacy: true, release: "4.6" }));
  });

  it("is accessible", async () => {
    await open();
    await expectAccessible();
  });

  it("says what is unsafe, aloud", async () => {
    await open("trouble");
    expect(screen.getByRole("button", { name: "Certificates are not checked" })).toBeTruthy();
    expect(screen.getByText("The profiles file was damaged.")).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Dismiss" }));
    expect(screen.queryByText("The profiles file was damaged.")).toBeNull();
    expect(calls("dismiss_notice")).toHaveLength(1);
  });

  it("marks the lab as simulated", async () => {
    await open();
    expect(screen.getByText("Lab, simulated")).toBeTruthy();
  });

  it("opens the palette, finds and runs", async () => {
    await open();
    await user.keyboard("{Control>}k{/Control}");
    const input = await screen.findByRole("combobox", { name: "Search or run a command" });
    await user.type(input, "dark");
    expect(screen.getByRole("option", { name: /Dark theme/ })).toBeTruthy();
    await expectAccessible(document.getElementById("palette") ?? undefined);
    await user.keyboard("{Enter}");
    await vi.waitFor(() => expect(document.documentElement.dataset.theme).toBe("dark"));
    expect(dialogs.open).toBeNull();
    view.theme = "system";
  });

  it("finds steps of the journal", async () => {
    await open();
    await user.keyboard("{Control>}k{/Control}");
    await user.type(await screen.findByRole("combobox", { name: "Search or run a command" }), "jwt bearer");
    await user.click(await screen.findByRole("option", { name: /step 127/ }));
    await vi.waitFor(() => expect(view.place).toBe("audit"));
    expect(view.step).toBe(127);
  });

  it("selects one text and never the whole interface with Ctrl+A", async () => {
    await open();
    const request = screen.getByRole("region", { name: "Exact request" });
    request.focus();
    await user.keyboard("{Control>}a{/Control}");
    expect(getSelection()?.toString().trim()).toBe(request.textContent.trim());
    (document.activeElement as HTMLElement).blur();
    getSelection()?.removeAllRanges();
    await user.keyboard("{Control>}a{/Control}");
    expect(getSelection()?.toString()).toBe("");
  });

  it("lists the keyboard with ?", async () => {
    await open();
    await user.keyboard("?");
    const dialog = await screen.findByRole("dialog", { name: "Keyboard" });
    expect(within(dialog).getAllByText("Run the operation")).toHaveLength(1);
    for (const elsewhere of ["Filter claims", "Save the profile", "Close what is in front", "Cancel the running step"])
      expect(within(dialog).getByText(elsewhere)).toBeTruthy();
    await user.keyboard("{Escape}");
    expect(screen.queryByRole("dialog")).toBeNull();
  });

  it("asks for a passphrase and keeps the fault beside it", async () => {
    await open();
    dialogs.open = "secrets";
    await user.click(await screen.findByRole("radio", { name: /Encrypted file/ }));
    await user.type(screen.getByLabelText("New passphrase"), "short");
    await user.click(screen.getByRole("button", { name: "Keep secrets there" }));
    expect((await screen.findByRole("alert")).textContent).toContain("shorter than 8");
    await user.type(screen.getByLabelText("New passphrase"), " but longer now");
    await user.click(screen.getByRole("button", { name: "Keep secrets there" }));
    await vi.waitFor(() => expect(session.secrets?.kind).toBe("encrypted_file"));
  });

  it("saves where the user is, a moment later", async () => {
    await open();
    await user.keyboard("{Control>}3{/Control}");
    await vi.waitFor(() => expect(calls("save_view").at(-1)?.args).toMatchObject({ view: { view: "audit", profile: "lab" } }));
    view.place = "run";
  });
});

describe("shelf", () => {
  it("shows lineage, state in words and the time left", async () => {
    await open();
    const tree = shelf().getByRole("tree", { name: "Tokens: alice" });
    const level = (name: RegExp) => within(tree).getByRole("treeitem", { name }).getAttribute("aria-level");
    expect(level(/^access frontend ?, alice, valid, 4:/)).toBe("1");
    expect(level(/^WSO2 user devportal/)).toBe("2");
    expect(shelf().getByRole("treeitem", { name: /^orders-batch service.*expiring/ })).toBeTruthy();
    // When it expired stands beside the row, not in it: the name needs the room.
    expect(shelf().getByRole("treeitem", { name: /^bob mobile-app.*expired$/ }).title).toContain("expired 2 h ago");
    expect(shelf().getByRole("treeitem", { name: /^alice frontend ?, alice, signature bad/ })).toBeTruthy();
  });

  it("selects one with a click, compares two with Ctrl", async () => {
    await open();
    await user.click(shelf().getByText("refresh"));
    expect(view.selected).toEqual(["t-refresh"]);
    await user.keyboard("{Control>}");
    await user.click(shelf().getByText("id token"));
    await user.keyboard("{/Control}");
    expect(view.selected).toEqual(["t-refresh", "t-id"]);
    expect(view.place).toBe("compare");
    expect(shelf().getByRole("treeitem", { name: /^id token.*slot B/ })).toBeTruthy();
    view.place = "run";
  });

  it("is walked by keyboard", async () => {
    await open();
    shelf()
      .getByRole("treeitem", { name: /^access frontend/ })
      .focus();
    await user.keyboard("{ArrowLeft}");
    expect(shelf().queryByRole("treeitem", { name: /^WSO2 user/ })).toBeNull();
    await user.keyboard("{ArrowRight}{ArrowDown} ");
    expect(view.selected).toEqual(["t-user"]);
    await user.keyboard("{Enter}");
    expect(view.place).toBe("compare");
    view.place = "run";
  });

  it("compares any ancestor with any descendant, by keyboard", async () => {
    await open();
    session.setTokens([
      ...session.tokens,
      {
        ...(session.token("t-user") as TokenView),
        id: "t-leaf",
        label: "portal → billing",
        note: "",
        parent: "t-user",
        step: 129,
      },
    ]);
    const menuOf = async (name: RegExp, item: string) => {
      (await shelf().findByRole("treeitem", { name })).focus();
      await user.keyboard("{Shift>}{F10}{/Shift}");
      await user.click(await screen.findByRole("menuitem", { name: item }));
      return view.selected;
    };
    expect(await menuOf(/^portal → billing/, "Compare with access · frontend, further up")).toEqual(["t-access", "t-leaf"]);
    expect(await menuOf(/^access frontend/, "Compare with portal → billing, made from it")).toEqual(["t-access", "t-leaf"]);
    expect(await menuOf(/^access frontend/, "Compare with all made from it")).toEqual(["t-access", "t-user", "t-leaf"]);
    view.place = "run";
  });

  it("copies a token only after asking", async () => {
    await open();
    shelf()
      .getByRole("treeitem", { name: /^access frontend/ })
      .focus();
    await user.keyboard("{Shift>}{F10}{/Shift}");
    await user.click(await screen.findByRole("menuitem", { name: "Copy the token…" }));
    expect(calls("copy")).toHaveLength(0);
    await user.click(await screen.findByRole("button", { name: "Copy the token" }));
    await vi.waitFor(() => expect(calls("copy")[0]?.args).toEqual({ source: { what: "token", token: "t-access" } }));
  });

  it("takes a token off by the Delete key, moves on to its neighbour, and puts it back", async () => {
    await open();
    const rows = () => shelf().getAllByRole("treeitem");
    const before = rows().map((row) => row.dataset["token"]);
    rows()[2]?.focus();
    await user.keyboard("{Delete}");
    await vi.waitFor(() => expect(rows().map((row) => row.dataset["token"])).toEqual(before.filter((_, at) => at !== 2)));
    expect((document.activeElement as HTMLElement).dataset["token"]).toBe(before[3]);
    await user.click(await screen.findByRole("button", { name: "Undo" }));
    await vi.waitFor(() => expect(rows()).toHaveLength(before.length));
  });

  it("keeps what stands in the paste box when it is closed, until it is cleared", async () => {
    await open();
    const refuse = vi.spyOn(navigator.clipboard, "readText").mockRejectedValue(new DOMException("no", "NotAllowedError"));
    const ask = () => user.click(shelf().getByRole("button", { name: /^Paste a token/ }));
    const field = async () => (await screen.findByLabelText(/A token, Bearer/)) as HTMLTextAreaElement;
    await ask();
    await user.click(await field());
    await user.paste("half a tok");
    await user.keyboard("{Escape}");
    await ask();
    expect((await field()).value).toBe("half a tok");
    await user.click(screen.getByRole("button", { name: "Clear" }));
    expect((await field()).value).toBe("");
    refuse.mockRestore();
  });

  it("offers a place to paste where the clipboard cannot be read, and keeps text that holds no token", async () => {
    await open();
    const refuse = vi.spyOn(navigator.clipboard, "readText").mockRejectedValue(new DOMException("no", "NotAllowedError"));
    await user.click(shelf().getByRole("button", { name: /^Paste a token/ }));
    const field = (await screen.findByLabelText(/A token, Bearer/)) as HTMLTextAreaElement;
    await expectAccessible();
    await user.type(field, "nothing");
    await user.click(screen.getByRole("button", { name: /^Put on the shelf/ }));
    await screen.findByText(/There is no token in the pasted text/);
    expect(field.value).toBe("nothing");
    await user.type(field, ".e30.");
    await user.click(screen.getByRole("button", { name: /^Put on the shelf/ }));
    await vi.waitFor(() => expect(dialogs.open).toBeNull());
    expect(shelf().getAllByRole("treeitem")).toHaveLength(10);
    refuse.mockRestore();
  });

  it("takes pasted text outside inputs, and says when there is no token", async () => {
    await open();
    (document.activeElement as HTMLElement | null)?.blur();
    await user.paste("Bearer eyJhbGciOiJub25lIn0.e30.");
    await vi.waitFor(() => expect(shelf().getAllByRole("treeitem")).toHaveLength(10));
    (document.activeElement as HTMLElement | null)?.blur();
    await user.paste("hello");
    expect(await screen.findByText(/There is no token in the pasted text/)).toBeTruthy();
  });
});

describe("run", () => {
  it("shows the form with its greyed fields and the exact request", async () => {
    await open();
    expect(screen.getByRole("textbox", { name: "resource" }).textContent).toContain("Ignored by Keycloak 26.7");
    await vi.waitFor(() =>
      expect(screen.getByRole("region", { name: "Exact request" }).textContent).toContain("audience=orders-api"),
    );
    expect(screen.getByText(/expects the role viewer/)).toBeTruthy();
  });

  it("follows typing, latest wins", async () => {
    await open();
    await user.type(screen.getByRole("combobox", { name: "scope" }), "email{Enter}");
    await vi.waitFor(() =>
      expect(screen.getByRole("region", { name: "Exact request" }).textContent).toContain("scope=profile orders:write email"),
    );
    expect(calls("preview").length).toBeLessThan(6);
  });

  it("runs with Ctrl+Enter and shows what changed", async () => {
    await open();
    await user.keyboard("{Control>}{Enter}{/Control}");
    await screen.findByRole("heading", { name: "portal got a token for orders-api" });
    expect(screen.getByText("orders-api would answer 403")).toBeTruthy();
    expect(within(screen.getByRole("group", { name: "Verdict" })).getByText("frontend → portal")).toBeTruthy();
    await expectAccessible();
    await user.click(screen.getByRole("button", { name: "Compare with subject" }));
    expect([view.place, view.selected]).toEqual(["compare", ["t-access", "t-issued"]]);
    view.place = "run";
  });

  it("explains a refusal and fills the form with the fix", async () => {
    await open();
    drafts.fill("token_exchange", [{ name: "client", value: "billing" }]);
    await vi.waitFor(() => expect(document.getElementById("field-client")?.textContent).toContain("billing"));
    await user.click(runButton());
    await screen.findByRole("heading", { name: "billing got no token" });
    expect(screen.getByRole("region", { name: "Answer of the server" }).textContent).toBe(
      '{"error":"access_denied","error_description":"Client is not within the token audience"}',
    );
    expect(screen.getByText("billing missing")).toBeTruthy();
    await expectAccessible();
    const sight = vi.spyOn(HTMLElement.prototype, "scrollIntoView");
    await user.click(screen.getByRole("button", { name: "Open event" }));
    const evidence = screen.getByRole("region", { name: "Server event" });
    await vi.waitFor(() => expect(document.activeElement).toBe(evidence));
    expect(sight.mock.contexts).toContain(evidence);
    sight.mockRestore();
    await expectAccessible();
    await user.click(screen.getByRole("button", { name: "Exchange as portal" }));
    await vi.waitFor(() => expect(document.getElementById("field-client")?.textContent).toContain("portal"));
    expect(calls("run")).toHaveLength(1);
  });

  it("counts a lifetime down while nothing has been sent", async () => {
    await open();
    drafts.fill("token_exchange", []);
    const life = await screen.findByTitle("Lifetime");
    const first = life.textContent;
    expect(life.getAttribute("aria-live")).toBe("off");
    const now = Date.now.bind(Date);
    const later = vi.spyOn(Date, "now").mockImplementation(() => now() + 20_000);
    await vi.waitFor(() => expect(screen.getByTitle("Lifetime").textContent).not.toBe(first), { timeout: 5000 });
    later.mockRestore();
  });

  it("marks the field at fault and sends nothing", async () => {
    await open();
    drafts.fill("token_exchange", [{ name: "subject_token", value: "" }]);
    await vi.waitFor(() => expect(document.getElementById("field-subject_token")?.textContent).toContain("Choose a token"));
    await user.click(runButton());
    expect((await screen.findByRole("alert")).textContent).toContain("Choose the token to exchange");
    expect(screen.getByRole("region", { name: "Exact request" }).textContent).toContain("once subject_token is right");
    expect(screen.getByRole("heading", { name: "Not ready to send" }).nextElementSibling?.textContent).toBe(
      "to fill in or mend: subject_token",
    );
    expect((screen.getByRole("button", { name: "Copy" }) as HTMLButtonElement).disabled).toBe(true);
    expect(calls("run")).toHaveLength(0);
  });

  it("puts a fault of the backend at its field and keeps the draft over a view switch", async () => {
    await open();
    await user.type(screen.getByRole("combobox", { name: "scope" }), "email{Enter}");
    host.fail(
      "run",
      fault({ field: "scope", id: "scope", message: "The scope has a forbidden character.", advice: "Remove it." }),
    );
    await user.click(runButton());
    expect((await screen.findByRole("alert")).textContent).toContain("forbidden character");
    await user.keyboard("{Control>}3{/Control}");
    await user.keyboard("{Control>}1{/Control}");
    expect(await screen.findByRole("button", { name: "Remove email" })).toBeTruthy();
  });

  it("says a failure of ours with its advice", async () => {
    await open();
    session.openOperation("userinfo");
    await screen.findByRole("button", { name: /^Read userinfo/ });
    await user.click(runButton());
    expect(await screen.findByText(/Connection refused by 127.0.0.1:18080/)).toBeTruthy();
    expect(screen.getByText(/Start the lab again/)).toBeTruthy();
    session.openOperation("token_exchange");
  });

  it("waits for the browser and is cancelled with Escape", async () => {
    await open("lab", 60);
    session.openOperation("log_in");
    await screen.findByRole("button", { name: /^Log in/ });
    await user.click(runButton());
    await screen.findByText("Waiting for the browser on 127.0.0.1:49213");
    expect(screen.getByRole("button", { name: "Open again" })).toBeTruthy();
    expect(screen.getByRole("button", { name: "Copy address" })).toBeTruthy();
    await expectAccessible();
    await user.keyboard("{Escape}");
    await screen.findByText(/Nothing you typed is lost/);
    expect(calls("cancel_run")).toHaveLength(1);
    session.openOperation("token_exchange");
  });

  it("asks once whether to include secrets", async () => {
    await open();
    await vi.waitFor(() => expect(operations.preview).not.toBeNull());
    const copy = screen.getByRole("button", { name: "Copy" });
    await user.click(copy);
    await user.click(await screen.findByRole("button", { name: "Use environment variables" }));
    await vi.waitFor(() => expect(calls("copy")[0]?.args).toMatchObject({ source: { include_secrets: false, format: "raw" } }));
    await user.click(screen.getByRole("button", { name: "curl" }));
    await user.click(copy);
    await vi.waitFor(() => expect(calls("copy")[1]?.args).toMatchObject({ source: { include_secrets: false, format: "bash" } }));
  });

  it("follows a token chosen on the shelf, but not the one a step made", async () => {
    await open();
    await user.click(shelf().getByText("refresh"));
    await vi.waitFor(() => expect(drafts.of("lab", "token_exchange").values.subject_token).toEqual(["token:t-refresh"]));
    await user.click(runButton());
    await screen.findByRole("heading", { name: "portal got a token for orders-api" });
    expect(view.selected).toEqual(["t-issued"]);
    expect(drafts.of("lab", "token_exchange").values.subject_token).toEqual(["token:t-refresh"]);
  });

  it("sends added parameters after the others", async () => {
    await open();
    await user.click(screen.getByRole("button", { name: "Add a parameter" }));
    await user.type(await screen.findByLabelText("Name of added parameter 1"), "requested_issuer");
    await user.type(screen.getByLabelText("Value of requested_issuer"), "github");
    await vi.waitFor(() =>
      expect(screen.getByRole("region", { name: "Exact request" }).textContent).toContain("&requested_issuer=github"),
    );
  });
});

describe("sequence", () => {
  it("draws the run, selects by keyboard and shows the exchange", async () => {
    await open();
    const sight = vi.spyOn(Element.prototype, "scrollIntoView");
    await user.click(screen.getByRole("button", { name: "Sequence" }));
    const list = await screen.findByRole("listbox", { name: /^Sequence: 11 exchanges/ });
    const rows = within(list).getAllByRole("option");
    expect(rows.at(-1)?.getAttribute("aria-selected")).toBe("true");
    expect(sight.mock.contexts).toContain(rows.at(-1));
    sight.mockRestore();
    await expectAccessible();
    (rows.at(-1) as unknown as HTMLElement).focus();
    await user.keyboard("{Home}");
    expect(
      within(screen.getByRole("region", { name: "Selected exchange" })).getByRole("heading", { name: "GET /orders" }),
    ).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Next exchange" }));
    expect(sequences.at).toBe(1);
  });
});
