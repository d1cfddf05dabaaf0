import { cleanup, render, screen } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { createRawSnippet } from "svelte";
import { afterEach, describe, expect, it } from "vitest";
import type { Span } from "../wire/types";
import Code from "./Code.svelte";
import Counted from "./Counted.svelte";

afterEach(cleanup);
const each = createRawSnippet((item: () => string) => ({ render: () => `<span class="one">${item()}</span>` }));
const line = (text: string): Span[] => [{ text, ink: "plain" }];
const region = (): string => screen.getByRole("region", { name: "Text" }).textContent;

describe("a list that is cut", () => {
  it.each([
    [42, 40, "and 2 more"],
    [274, 40, "and 234 more"],
    [1500, 200, "and 1,300 more"],
    [60_000, 40, "and 59,960 more"],
    [41, 40, ""],
    [0, 40, ""],
  ])("of %d says how many are left out", async (length, most, words) => {
    const view = render(Counted, { items: Array.from({ length }, (_, at) => `v${String(at)}`), most, each } as never);
    expect(view.container.querySelectorAll(".one")).toHaveLength(words === "" ? length : most);
    const button = screen.queryByRole("button");
    expect(button?.textContent ?? "").toBe(words);
    if (!button) return;
    await userEvent.click(button);
    expect(view.container.querySelectorAll(".one")).toHaveLength(Math.min(length, most * 5));
  });
});

describe("a text that is cut", () => {
  it.each<[string, Span[][], string]>([
    ["many lines", Array.from({ length: 20_000 }, () => line("x")), "Not shown: 19,500 more lines"],
    ["one long line", [line("[".repeat(1 << 20))], "Not shown: 1,040,384 characters of long lines"],
    [
      "a long line in pieces",
      [Array.from({ length: 100_000 }, (): Span => ({ text: "ab", ink: "key" }))],
      "Not shown: 191,808 characters of long lines",
    ],
    ["many long lines", Array.from({ length: 100 }, () => line("y".repeat(8000))), "more lines"],
    ["an empty one and a long one", [[], line("z".repeat(9000))], "Not shown: 808 characters of long lines"],
  ])("says what is left out, and shows more of it: %s", async (_, lines, words) => {
    render(Code, { lines, label: "Text" });
    expect(screen.getByRole("status").textContent).toContain(words);
    const before = region().length;
    expect(before).toBeLessThan(80_000);
    await userEvent.click(screen.getByRole("button", { name: "Show more" }));
    expect(region().length).toBeGreaterThan(before);
  });

  it("is whole where it fits, and where it was cut when it was read", () => {
    render(Code, { lines: [line("a"), [], line("b")], label: "Text" });
    expect([region(), screen.queryByRole("status")]).toEqual(["a\n\nb", null]);
    cleanup();
    render(Code, { lines: Array.from({ length: 600 }, () => line("x")), label: "Text", whole: true });
    expect(region().split("\n")).toHaveLength(600);
  });
});
