import { cleanup, screen, waitFor, within } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type FakeHost } from "../host/fake";
import { importing } from "../state/importing.svelte";
import { boot } from "../test/app";
import { expectAccessible } from "../test/axe";
import { forgetDrafts, own } from "../test/profiles";

let host: FakeHost;
const sent = (name: string) => host.calls.filter((call) => call.name === name).map((call) => call.args);

beforeEach(async () => {
  host = await boot();
  forgetDrafts();
});
afterEach(cleanup);

describe("Profiles as texts", () => {
  it("exports without secrets and imports, saying what is wrong with a text", async () => {
    const user = await own();
    await user.click(screen.getByRole("button", { name: "Export without secrets" }));
    const shown = await screen.findByRole("dialog", { name: "Export Staging without secrets" });
    await expectAccessible(shown);
    await user.click(within(shown).getByRole("button", { name: "Copy" }));
    await user.click(within(shown).getByRole("button", { name: "Close" }));
    await user.click(screen.getByRole("button", { name: "Import a profile" }));
    const dialog = await screen.findByRole("dialog", { name: "Import a profile" });
    await user.type(within(dialog).getByRole("textbox"), "nothing");
    expect((await within(dialog).findByRole("alert")).textContent).toContain("line 1, column 2");
    expect((within(dialog).getByRole("button", { name: "Import" }) as HTMLButtonElement).disabled).toBe(true);
    await expectAccessible(dialog);
  });

  it("previews what an import takes and what not, and asks for the server", async () => {
    const user = await own();
    await user.click(screen.getByRole("button", { name: "Import a profile" }));
    const dialog = await screen.findByRole("dialog", { name: "Import a profile" });
    const text = JSON.stringify({ realm: "shop", clients: [] });
    await user.click(within(dialog).getByLabelText("Paste the text, or drop its file here"));
    await user.paste(text);
    const preview = await within(dialog).findByRole("region", { name: "What will be imported" });
    expect(preview.textContent).toContain("Put into the secret store, never into the profile");
    expect(preview.textContent).toContain("Masked with stars");
    await expectAccessible(dialog);
    within(dialog)
      .getByLabelText("File to import")
      .dispatchEvent(new Event("cancel", { bubbles: true }));
    expect((await screen.findByRole("dialog", { name: "Import a profile" })).isConnected).toBe(true);
    expect((within(dialog).getByLabelText("Paste the text, or drop its file here") as HTMLTextAreaElement).value).toBe(text);
    const server = within(dialog).getByLabelText("Address of the server");
    await user.type(server, "nowhere");
    expect((await within(dialog).findByRole("alert")).textContent).toContain("is not an address");
    expect(within(dialog).getByRole("region", { name: "What will be imported" })).toBeTruthy();
    await user.clear(server);
    await user.type(server, "https://id.example.org");
    await waitFor(() =>
      expect((within(dialog).getByRole("button", { name: "Import" }) as HTMLButtonElement).disabled).toBe(false),
    );
    await user.click(within(dialog).getByRole("button", { name: "Import" }));
    expect(await screen.findByRole("heading", { name: "The shop" })).toBeTruthy();
    expect(sent("import_profile")).toEqual([{ text, server: "https://id.example.org" }]);
    expect(importing.text).toBe("");
  });

  it("keeps the text of an import that was cancelled, until it is cleared", async () => {
    const user = await own();
    const text = JSON.stringify({ realm: "shop", clients: [] });
    const ask = () => user.click(screen.getByRole("button", { name: "Import a profile" }));
    const area = async () => (await screen.findByLabelText("Paste the text, or drop its file here")) as HTMLTextAreaElement;
    const dialog = () => screen.queryByRole("dialog", { name: "Import a profile" });
    await ask();
    await user.click(await area());
    await user.paste(text);
    await screen.findByRole("region", { name: "What will be imported" });
    // A web view answers Escape in an open dialog with its cancel event.
    for (const leave of [
      () => Promise.resolve(dialog()?.dispatchEvent(new Event("cancel", { cancelable: true }))),
      () => user.click(within(dialog() as HTMLElement).getByRole("button", { name: "Cancel" })),
    ]) {
      await leave();
      await waitFor(() => expect(dialog()).toBeNull());
      await ask();
      expect((await area()).value).toBe(text);
      expect(screen.getByRole("region", { name: "What will be imported" })).toBeTruthy();
    }
    await user.click(within(dialog() as HTMLElement).getByRole("button", { name: "Clear" }));
    expect((await area()).value).toBe("");
    await user.click(within(dialog() as HTMLElement).getByRole("button", { name: "Cancel" }));
    await ask();
    expect((await area()).value).toBe("");
  });
});
