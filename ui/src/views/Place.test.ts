import { cleanup, render, screen } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { fault, type FakeHost } from "../host/fake";
import { drafts } from "../state/drafts.svelte";
import { operations } from "../state/operations.svelte";
import { runs } from "../state/runs.svelte";
import { session } from "../state/session.svelte";
import { view } from "../state/view.svelte";
import { boot } from "../test/app";
import { expectAccessible } from "../test/axe";
import type { Form } from "../wire/types";
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
      return {
        ...preview,
        faults: [line, line],
        questions: ["Sure?", "Sure?"],
        warnings: [finding, finding] as typeof preview.warnings,
      };
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
      form: {
        ...answer.form,
        fields: answer.form.fields.map((field) =>
          field.kind.kind === "choice"
            ? { ...field, kind: { ...field.kind, choices: [...field.kind.choices, ...field.kind.choices] } }
            : field,
        ),
      },
    }));
    render(Place);
    await user.click(await screen.findByRole("combobox", { name: /^client/ }));
    const rows = (await screen.findAllByRole("option")).map((row) => row.textContent);
    expect(rows.length).toBeGreaterThan(new Set(rows).size);
  });
});

describe("the focus in Run", () => {
  it("goes to the field when another value is chosen", async () => {
    view.operation = "call_api";
    render(Place);
    await user.click(await screen.findByRole("combobox", { name: /^resource/ }));
    await user.click(await screen.findByRole("option", { name: /Another value/ }));
    await expect.poll(() => document.activeElement?.id).toBe("field-resource");
  });

  it("is at the button again when the run is over", async () => {
    render(Place);
    await screen.findByRole("heading", { name: /^(Ready|Likely)/ });
    const button = document.getElementById("run-button") as HTMLButtonElement;
    await user.click(button);
    await expect.poll(() => document.getElementById("outcome")?.dataset["outcome"]).toMatch(/success|refused/);
    await expect.poll(() => document.activeElement?.id).toBe("run-button");
  });
});

describe("a field that was refused", () => {
  it("is said in the same words at the field and beside it", async () => {
    view.operation = "call_api";
    const words = "An address carries no user and password.";
    host.fail("run", fault({ message: words, advice: "Take them out.", field: "resource" }));
    render(Place);
    await screen.findByRole("heading", { name: /^(Ready|Likely)/ });
    await user.click(document.getElementById("run-button") as HTMLButtonElement);
    await screen.findAllByText(new RegExp(words), {}, { timeout: 4000 });
    host.answer("preview", (preview) => ({
      ...preview,
      faults: [{ field: "resource", message: "Enter the address of the API." }],
    }));
    await operations.look(drafts.draft(session.profile?.id ?? "", operations.form as Form));
    await expect.poll(() => screen.queryAllByText(/Enter the address of the API/).length).toBe(0);
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
