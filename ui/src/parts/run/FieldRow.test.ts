import { render, screen } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import type { Field } from "../../wire/types";
import FieldRow from "./FieldRow.svelte";

const field = {
  name: "url",
  rfc: "",
  required: true,
  repeatable: false,
  hint: "",
  empty: null,
  unavailable: null,
  initial: [],
  shown_if: null,
  kind: { kind: "choice", open: true, choices: [{ value: "http://127.0.0.1/orders", label: "orders", note: "" }] },
} as unknown as Field;

it("keeps the field of a value of one's own while it is emptied and typed anew", async () => {
  const user = userEvent.setup();
  let values = ["http://127.0.0.1:9/x"];
  const props = (): Record<string, unknown> => ({
    field,
    values,
    tokens: [],
    now: 0,
    fault: null,
    onpaste: () => Promise.resolve(null),
    onchange: (next: string[]) => {
      values = next;
      void view.rerender(props());
    },
  });
  const view = render(FieldRow, { props: props() as never });
  const input = screen.getByRole("textbox");
  await user.click(input);
  await user.clear(input);
  expect(screen.queryByRole("combobox")).toBeNull();
  expect(document.activeElement).toBe(screen.getByRole("textbox"));
  await user.type(screen.getByRole("textbox"), "http://x");
  expect(values).toEqual(["http://x"]);
  await user.click(screen.getByRole("button", { name: "Choose url from the list" }));
  expect(screen.getByRole("combobox")).toBeTruthy();
});
