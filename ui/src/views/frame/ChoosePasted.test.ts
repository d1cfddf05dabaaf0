// Several tokens in one pasted text are offered by where they stood, and only those that are ticked are put on the shelf.
import { render, screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { dialogs } from "../../state/dialogs.svelte";
import type { Offered } from "../../wire/types";
import ChoosePasted from "./ChoosePasted.svelte";

const offered: Offered[] = [
  { kind: "access", place: "header Authorization of the second entry" },
  { kind: "id", place: "member id_token" },
  { kind: "other", place: "cookie KEYCLOAK_IDENTITY" },
];

it("names each by where it stood and counts what would be added", async () => {
  const user = userEvent.setup();
  render(ChoosePasted);
  const answer = dialogs.choose(offered);
  await screen.findByText("header Authorization of the second entry");
  expect(screen.getAllByRole("checkbox")).toHaveLength(3);
  await user.click(screen.getByRole("checkbox", { name: /member id_token/ }));
  await user.click(screen.getByRole("button", { name: "Add 2 tokens" }));
  expect(await answer).toEqual([0, 2]);
  await waitFor(() => expect(dialogs.choice).toBeNull());
});

it("goes by keyboard, and adds nothing when nothing is ticked", async () => {
  const user = userEvent.setup();
  render(ChoosePasted);
  const answer = dialogs.choose(offered.slice(0, 2));
  const [first, second] = await screen.findAllByRole("checkbox");
  first?.focus();
  await user.keyboard(" ");
  expect(screen.getByRole<HTMLButtonElement>("button", { name: "Add 1 token" }).disabled).toBe(false);
  second?.focus();
  await user.keyboard(" ");
  expect(screen.getByRole<HTMLButtonElement>("button", { name: "Add 0 tokens" }).disabled).toBe(true);
  await user.click(screen.getByRole("button", { name: "Cancel" }));
  expect(await answer).toBeNull();
});

it("has everything ticked again when it is asked anew", async () => {
  const user = userEvent.setup();
  render(ChoosePasted);
  const before = dialogs.choose(offered);
  const first = (await screen.findAllByRole("checkbox"))[0];
  if (first) await user.click(first);
  const answer = dialogs.choose(offered.slice(1));
  expect(await before).toBeNull();
  await user.click(await screen.findByRole("button", { name: /Add/ }));
  expect((await answer)?.length).toBeGreaterThan(0);
});
