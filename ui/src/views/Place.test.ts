import { cleanup, render, screen } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { FakeHost } from "../host/fake";
import { runs } from "../state/runs.svelte";
import { view } from "../state/view.svelte";
import { boot } from "../test/app";
import { expectAccessible } from "../test/axe";
import Place from "./Place.svelte";

let host: FakeHost;
const user = userEvent.setup();

beforeEach(async () => {
  host = await boot();
  view.place = "run";
  view.operation = "token_exchange";
});
afterEach(cleanup);

describe("what others may repeat", () => {
  it("is drawn as often as it comes: faults, questions, warnings, and the next place opens", async () => {
    host.answer("preview", (preview) => {
      const line = { field: "headers", message: "This line has no colon." };
      const finding = { id: "odd", severity: "warning" as const, title: "Odd", detail: "Twice.", rfc: null, path: null };
      return { ...preview, faults: [line, line], questions: ["Sure?", "Sure?"], warnings: [finding, finding] as typeof preview.warnings };
    });
    render(Place);
    expect(await screen.findAllByText(/This line has no colon/)).toHaveLength(2);
    view.place = "audit";
    expect(await screen.findByRole("heading", { name: "Audit" }, { timeout: 8000 })).toBeTruthy();
    view.place = "run";
    expect(await screen.findAllByText(/This line has no colon/)).toHaveLength(2);
  });

  it("opens the client menu where two clients have one id", async () => {
    host.answer("open_form", (answer) => ({
      ...answer,
      form: { ...answer.form, fields: answer.form.fields.map((field) => (field.kind.kind === "choice" ? { ...field, kind: { ...field.kind, choices: [...field.kind.choices, ...field.kind.choices] } } : field)) },
    }));
    render(Place);
    await user.click(await screen.findByRole("combobox", { name: /^client/ }));
    const rows = (await screen.findAllByRole("option")).map((row) => row.textContent);
    expect(rows.length).toBeGreaterThan(new Set(rows).size);
  });
});

describe("a view that can not be drawn", () => {
  it("says so in its own place, and is shown again when asked", async () => {
    const words = vi.spyOn(console, "error").mockImplementation(() => undefined);
    runs.ended = {};
    host.answer("preview", (preview) => ({ ...preview, faults: null as unknown as typeof preview.faults }));
    render(Place);
    const again = await screen.findByRole("button", { name: "Show it again" });
    expect(screen.getByRole("alert").textContent).toMatch(/This view could not be drawn/);
    await expectAccessible();
    // The other places are as before.
    view.place = "audit";
    expect(await screen.findByRole("heading", { name: "Audit" }, { timeout: 8000 })).toBeTruthy();
    expect(again.isConnected).toBe(false);
    host.mend("preview");
    view.place = "run";
    await user.click(await screen.findByRole("button", { name: "Show it again" }));
    expect(await screen.findByRole("heading", { name: /^(Ready|Not ready|Likely)/ })).toBeTruthy();
    words.mockRestore();
  });
});
