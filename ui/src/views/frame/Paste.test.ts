import { cleanup, render, screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, it } from "vitest";
import { fault, type FakeHost } from "../../host/fake";
import { dialogs } from "../../state/dialogs.svelte";
import { boot } from "../../test/app";
import Paste from "./Paste.svelte";

let host: FakeHost;
beforeEach(async () => {
  host = await boot();
});
afterEach(cleanup);

it.each<[string, string]>([
  ["private-key", ""],
  ["no-token", "pasted"],
])("after a refusal that says %s the box holds %o when it is opened again", async (id, left) => {
  const user = userEvent.setup();
  host.fail("paste", fault({ id, message: "It is none.", advice: "Paste a token." }));
  render(Paste);
  dialogs.open = "paste";
  const area = () => document.getElementById("paste-text") as HTMLTextAreaElement;
  await waitFor(() => expect(area()).toBeTruthy());
  await user.type(area(), "pasted");
  await user.click(screen.getByRole("button", { name: /^Put on the shelf/ }));
  await screen.findByText(/It is none/);
  expect(area().value).toBe("pasted");
  await user.click(screen.getByRole("button", { name: "Cancel" }));
  dialogs.open = "paste";
  await waitFor(() => expect(area().value).toBe(left));
  dialogs.open = null;
});
