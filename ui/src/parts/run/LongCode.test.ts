import { render, screen } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import { longPart } from "../../host/fake/long";
import type { Part, Rest, Span } from "../../wire/types";
import LongCode from "./LongCode.svelte";

const line = (text: string): Span[] => [{ text, ink: "plain" }];
const rest: Rest = { lines: 5000, next: 2, sha256: "ab".repeat(32) };
const first = [line("line 0"), line("line 1"), line("cut here: 2 of 5000 lines are kept")];

test("a whole message has no end to ask for", () => {
  render(LongCode, { lines: [line("all")], rest: null, label: "Response", onmore: longPart as never });
  expect(screen.queryByRole("button")).toBeNull();
});

test("a long one says how much of it is shown, and shows more of it when asked", async () => {
  const onmore = vi.fn((from: number): Promise<Part> => Promise.resolve(longPart(from)));
  render(LongCode, { lines: first, rest, label: "Response", onmore });
  expect(screen.getByRole("status").textContent).toBe("Lines 1 to 2 of 5,000");
  const code = screen.getByRole("region", { name: "Response" });
  expect(code.textContent).not.toContain("cut here");
  await userEvent.click(screen.getByRole("button", { name: "Show 2,000 more lines" }));
  expect(onmore).toHaveBeenLastCalledWith(2);
  expect(code.textContent).toContain("line 2001");
  expect(screen.getByRole("status").textContent).toBe("Lines 1 to 2,002 of 5,000");
  await userEvent.click(screen.getByRole("button", { name: "Show 2,000 more lines" }));
  await userEvent.click(screen.getByRole("button", { name: "Show 998 more lines" }));
  expect(screen.queryByRole("button", { name: /more lines/ })).toBeNull();
  expect(screen.getByRole("status").textContent).toBe("Lines 1 to 5,000 of 5,000");
});

test("a body on one line says its length, its digest and how much of it is shown above the text", () => {
  const one: Span[][] = [
    [
      { text: "x".repeat(4096), ink: "plain" },
      { text: "  cut here; the line has 8.4 MB", ink: "quiet" },
    ],
    line("cut here: the beginnings of long lines are kept"),
  ];
  render(LongCode, {
    lines: one,
    rest: { lines: 1, next: 1, sha256: "ab12".repeat(16) },
    size: 8 << 20,
    label: "Response",
    onmore: longPart as never,
  });
  const said = screen.getByRole("status");
  expect(said.textContent).toBe("First 4.1 kB of 8.4 MB, lines 1 to 1 of 1");
  expect(
    said.compareDocumentPosition(screen.getByRole("region", { name: "Response" })) & Node.DOCUMENT_POSITION_FOLLOWING,
  ).toBeTruthy();
  expect(screen.getByText("ab12ab12ab12…")).toBeTruthy();
  expect(screen.getByText("The longest lines are shown by their beginning.")).toBeTruthy();
  expect(screen.queryByRole("button")).toBeNull();
});

test("what is gone says so beside the lines", async () => {
  const gone = {
    kind: "input",
    id: "body-gone",
    message: "The rest of this answer is no longer at hand.",
    advice: "Run the step again.",
    field: null,
    step: null,
  };
  render(LongCode, { lines: first, rest, label: "Response", onmore: () => Promise.reject(gone as never) });
  await userEvent.click(screen.getByRole("button", { name: "Show 2,000 more lines" }));
  expect((await screen.findByRole("alert")).textContent).toBe(
    "The rest of this answer is no longer at hand. Run the step again.",
  );
});
