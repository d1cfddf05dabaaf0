import { render, screen } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import SecretRow from "./SecretRow.svelte";

const given = (changed: object = {}) => ({
  id: "s",
  client: "portal",
  secret: undefined,
  waits: "",
  readonly: false,
  onsave: () => Promise.resolve(true),
  onreveal: () => Promise.resolve(null),
  onclear: () => Promise.resolve(true),
  oncopy: () => undefined,
  ...changed,
});

describe("a secret being typed", () => {
  it("stays while the profile around it changes, and goes with its client", async () => {
    const row = render(SecretRow, given());
    const field = screen.getByPlaceholderText<HTMLInputElement>("paste the client secret");
    await userEvent.type(field, "half of it");
    await row.rerender(given({ secret: { client_id: "portal", saved: false, place: "Not saved", saved_ms: 0 } }));
    expect(field.value).toBe("half of it");
    await row.rerender(given({ client: "gateway" }));
    expect(field.value).toBe("");
  });
});
