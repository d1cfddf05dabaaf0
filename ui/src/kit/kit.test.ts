import { render, screen } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import KitPage from "../kitpage/KitPage.svelte";
import { expectAccessible } from "../test/axe";
import ChipInput from "./ChipInput.svelte";
import Code from "./Code.svelte";
import Menu from "./Menu.svelte";
import Select from "./Select.svelte";
import Splitter from "./Splitter.svelte";
import Tabs from "./Tabs.svelte";

describe("kit", () => {
  it("is accessible in every state", async () => {
    const { container } = render(KitPage);
    // Both themes show the same parts; one is enough, and ids must be unique in a page.
    await expectAccessible(container.querySelector('[data-theme="light"]') ?? container);
  });

  it("chooses from a select by keyboard", async () => {
    const onchange = vi.fn();
    render(Select, {
      label: "Type",
      value: "a",
      options: [
        { value: "a", label: "access" },
        { value: "b", label: "bearer", disabled: true },
        { value: "j", label: "jwt" },
      ],
      onchange,
    });
    const user = userEvent.setup();
    await user.tab();
    await user.keyboard("{ArrowDown}{ArrowDown}{Enter}");
    expect(onchange).toHaveBeenCalledExactlyOnceWith("j");
    expect(screen.queryByRole("option")).toBeNull();
  });

  it("closes a select with Escape and lets nobody else hear it", async () => {
    const heard = vi.fn();
    window.addEventListener("keydown", heard);
    render(Select, { label: "Type", value: "a", options: [{ value: "a", label: "access" }], onchange: vi.fn() });
    const user = userEvent.setup();
    await user.click(screen.getByRole("combobox"));
    expect(screen.getByRole("option")).toBeTruthy();
    heard.mockClear();
    await user.keyboard("{Escape}");
    expect(screen.queryByRole("option")).toBeNull();
    expect(heard).not.toHaveBeenCalled();
    window.removeEventListener("keydown", heard);
  });

  it("makes chips of words, without doubles", async () => {
    const onchange = vi.fn();
    render(ChipInput, { label: "scope", values: ["openid"], spaces: true, onchange });
    const user = userEvent.setup();
    await user.type(screen.getByRole("combobox", { name: "scope" }), "openid profile{Enter}");
    expect(onchange).toHaveBeenLastCalledWith(["openid", "profile"]);
  });

  it("removes the last chip with Backspace", async () => {
    const onchange = vi.fn();
    render(ChipInput, { label: "scope", values: ["openid", "profile"], onchange });
    const user = userEvent.setup();
    await user.click(screen.getByRole("combobox", { name: "scope" }));
    await user.keyboard("{Backspace}");
    expect(onchange).toHaveBeenCalledWith(["openid"]);
  });

  it("walks a menu and runs the chosen item", async () => {
    const run = vi.fn();
    const at = document.body.appendChild(document.createElement("button"));
    render(Menu, {
      open: true,
      at,
      label: "Token",
      items: [{ label: "Inspect", run: vi.fn() }, "line", { label: "Remove", run }],
      onclose: vi.fn(),
    });
    const user = userEvent.setup();
    await vi.waitFor(() => expect(document.activeElement?.textContent).toContain("Inspect"));
    await user.keyboard("{ArrowDown}{Enter}");
    expect(run).toHaveBeenCalledOnce();
    at.remove();
  });

  it("moves tabs with the arrows", async () => {
    const onchange = vi.fn();
    render(Tabs, {
      label: "About",
      value: "a",
      options: [
        { value: "a", label: "A" },
        { value: "b", label: "B", disabled: true },
        { value: "c", label: "C" },
      ],
      onchange,
    });
    const user = userEvent.setup();
    await user.tab();
    await user.keyboard("{ArrowRight}");
    expect(onchange).toHaveBeenCalledWith("c");
  });

  it("keeps a splitter inside its limits", async () => {
    const onmove = vi.fn();
    render(Splitter, { label: "Width", value: 296, min: 100, max: 300, onmove });
    const user = userEvent.setup();
    await user.tab();
    await user.keyboard("{ArrowRight}");
    expect(onmove).toHaveBeenCalledWith(300);
  });

  it("renders code as text, whatever it holds", () => {
    render(Code, { label: "Request", lines: [[{ text: "<b>bold</b>", ink: "plain" }], [{ text: "••••", ink: "secret" }]] });
    const code = screen.getByRole("region", { name: "Request" });
    expect(code.textContent).toBe("<b>bold</b>\n••••");
    expect(code.querySelector("b")).toBeNull();
    expect(code.querySelector(".secret")?.textContent).toBe("••••");
  });
});
