import { cleanup, fireEvent, render, screen } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it } from "vitest";
import PasteArea, { LAID_OUT } from "./PasteArea.svelte";

afterEach(cleanup);

const field = (): HTMLTextAreaElement => screen.getByRole("textbox");

/** Texts that hold a web view when they are laid out. */
const LONG: [string, string][] = [
  ["brackets", "[".repeat(1 << 20)],
  ["braces on lines", "{\n".repeat(1 << 19)],
  ["one word", "a".repeat(1 << 20)],
  ["line breaks", "\n".repeat(1 << 20)],
  ["right to left", "\u05d0[".repeat(1 << 19)],
  ["hidden characters", "\u202e\u200b".repeat(1 << 19)],
  ["one more than fits", "x".repeat(LAID_OUT + 1)],
];

describe("a text that is long", () => {
  it.each(LONG)("is kept whole and shown by its beginning: %s", async (_, text) => {
    let kept = "";
    const view = render(PasteArea, { id: "t", "aria-label": "Text", value: "", ontext: (next: string) => (kept = next) });
    await userEvent.click(field());
    await userEvent.paste(text);
    expect(kept === text).toBe(true);
    expect(field().value.length).toBe(0); // the field never had it
    await view.rerender({ value: text });
    expect(field().readOnly).toBe(true);
    expect(field().value.length).toBeLessThan(16 * 1024);
    expect(field().value.split("\n").length).toBeLessThanOrEqual(12);
    expect(field().value).not.toMatch(/[\u202e\u200b]/);
    expect(screen.getByRole("status").textContent).toContain(`${text.length.toLocaleString("en-GB")} characters`);
    await userEvent.click(screen.getByRole("button", { name: "Clear" }));
    expect(kept).toBe("");
  });

  it("gives way to what is pasted over it, and may be put between what stands there", async () => {
    let kept = "";
    const view = render(PasteArea, {
      id: "t",
      "aria-label": "Text",
      value: "a".repeat(LAID_OUT + 1),
      ontext: (next: string) => (kept = next),
    });
    field().focus();
    await userEvent.paste("short");
    expect(kept).toBe("short");
    await view.rerender({ value: "before after" });
    field().setSelectionRange(7, 7);
    await userEvent.paste("y".repeat(LAID_OUT));
    expect(kept).toBe(`before ${"y".repeat(LAID_OUT)}after`);
  });

  it("is taken from a drop and from a program that fills the field", async () => {
    let kept = "";
    const text = "[".repeat(100_000);
    render(PasteArea, { id: "t", "aria-label": "Text", value: "", ontext: (next: string) => (kept = next) });
    await fireEvent.input(field(), { target: { value: text } });
    expect(kept === text).toBe(true);
  });
});

it("a text that fits is edited as it stands", async () => {
  let kept = "";
  render(PasteArea, { id: "t", "aria-label": "Text", value: "", ontext: (next: string) => (kept = next) });
  await userEvent.type(field(), "eyJ");
  expect([kept, field().readOnly]).toEqual(["eyJ", false]);
});
