// The place Profiles for tests: with nothing typed yet, and at a profile of one's own.
import { render, screen } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { dialogs } from "../state/dialogs.svelte";
import { editing } from "../state/editing.svelte";
import { importing } from "../state/importing.svelte";
import { view } from "../state/view.svelte";
import Profiles from "../views/Profiles.svelte";

/** Opens the profile Staging. */
export async function own(): Promise<ReturnType<typeof userEvent.setup>> {
  const user = userEvent.setup();
  render(Profiles);
  await user.click(await screen.findByRole("button", { name: /Staging/ }));
  await screen.findByRole("heading", { name: "Staging" });
  return user;
}

/** Forgets every draft and what an import holds. */
export function forgetDrafts(): void {
  view.section = null;
  dialogs.question = null;
  Object.assign(editing, {
    current: null,
    drafts: {},
    typed: {},
    fault: null,
    discovered: null,
    tried: null,
    realm: "",
    asksRealm: null,
    help: null,
    joinFault: null,
  });
  importing.close();
  importing.clear();
}
