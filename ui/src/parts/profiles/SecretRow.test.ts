import { render, screen } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import type { SecretState } from "../../wire/types";
import SecretRow from "./SecretRow.svelte";

const given = (changed: object = {}) => ({
  id: "s",
  client: "portal",
  typed: "",
  ontyped: () => undefined,
  secret: undefined,
  waits: "",
  readonly: false,
  onsave: () => Promise.resolve(true),
  onreveal: () => Promise.resolve(null),
  onclear: () => Promise.resolve(true),
  oncopy: () => undefined,
  ...changed,
});

const state = (changed: Partial<SecretState>): SecretState => ({
  client_id: "portal",
  server: "provider",
  sort: "secret",
  issuer: "https://id.example/realms/shop",
  elsewhere: false,
  approved: [],
  saved: true,
  place: "Saved in the system keychain",
  problem: null,
  saved_ms: 0,
  ...changed,
});

describe("a store", () => {
  it("that cannot be read says why, and nothing else is said for it", async () => {
    const row = render(
      SecretRow,
      given({ secret: state({ saved: false, place: "Not saved", problem: "The keychain is locked." }) }),
    );
    expect(screen.getByText("The keychain is locked.")).toBeTruthy();
    await row.rerender(given({ secret: state({ saved: false, place: "elsewhere" }) }));
    expect(screen.getByText(/^Not saved\. Goes to the secret store/)).toBeTruthy();
  });
});

describe("a secret being typed", () => {
  it("stays while the profile around it changes, whatever the client is called or how it authenticates", async () => {
    let typed = "";
    const ontyped = (text: string) => (typed = text);
    const row = render(SecretRow, given({ ontyped }));
    await userEvent.type(screen.getByPlaceholderText("paste the client secret"), "s");
    expect(typed).toBe("s");
    await row.rerender(given({ typed: "half of it", ontyped, secret: state({ saved: false, place: "Not saved" }) }));
    expect(screen.getByPlaceholderText<HTMLInputElement>("paste the client secret").value).toBe("half of it");
    await row.rerender(given({ typed: "half of it", ontyped, client: "renamed" }));
    expect(screen.getByPlaceholderText<HTMLInputElement>("paste the client secret").value).toBe("half of it");
    await row.rerender(given({ typed: "half of it", ontyped, key: true }));
    expect(screen.getByPlaceholderText<HTMLTextAreaElement>("paste the private key, PEM or JWK").value).toBe("half of it");
    expect(typed).toBe("s");
  });

  it("is shown again when the row is, and goes only when it is saved or given up", async () => {
    const user = userEvent.setup();
    let typed = "typed before";
    const ontyped = (text: string) => (typed = text);
    let kept = false;
    const row = render(SecretRow, given({ typed, ontyped, secret: state({}), onsave: () => Promise.resolve(kept) }));
    expect(screen.getByPlaceholderText<HTMLInputElement>("paste the client secret").value).toBe("typed before");
    await user.click(screen.getByRole("button", { name: "Save secret" }));
    expect(typed, "the store refused it").toBe("typed before");
    kept = true;
    await user.click(screen.getByRole("button", { name: "Save secret" }));
    expect(typed).toBe("");
    await row.rerender(given({ typed, ontyped, secret: state({}) }));
    expect(screen.getByText("Saved in the system keychain")).toBeTruthy();
  });

  it("is not taken for a key, nor a key for it", async () => {
    const row = render(SecretRow, given({ key: true, secret: state({ sort: "secret" }) }));
    expect(screen.queryByText("Saved in the system keychain")).toBeNull();
    expect(screen.getByText(/A secret is saved for this client, and it now needs a private key/)).toBeTruthy();
    await row.rerender(given({ key: true, secret: state({ sort: "key" }) }));
    expect(screen.getByText("Saved in the system keychain")).toBeTruthy();
    await row.rerender(given({ key: false, secret: state({ sort: "key" }) }));
    expect(screen.getByText(/A private key is saved for this client, and it now needs a secret/)).toBeTruthy();
  });

  it("is not shown as ready where the profile names another server now", async () => {
    const row = render(SecretRow, given({ secret: state({ elsewhere: true }) }));
    expect(screen.queryByText("Saved in the system keychain")).toBeNull();
    expect(screen.getByText("Entered for https://id.example/realms/shop")).toBeTruthy();
    expect(screen.getByText(/This profile names another server now, so you are asked before it goes there\./)).toBeTruthy();
    expect(row.container.querySelector(".secret-row.asks")).not.toBeNull();
    expect(screen.getByRole("button", { name: "Replace" })).toBeTruthy();
    await row.rerender(given({ secret: state({ elsewhere: false }) }));
    expect(screen.getByText("Saved in the system keychain")).toBeTruthy();
    expect(row.container.querySelector(".secret-row.asks")).toBeNull();
  });

  it("says for whom it was entered", async () => {
    const row = render(SecretRow, given({ secret: state({ approved: ["https://token.example"] }) }));
    expect(
      screen.getByText(/For https:\/\/id\.example\/realms\/shop, and by your word for https:\/\/token\.example/),
    ).toBeTruthy();
    await row.rerender(given({ secret: state({ issuer: "" }) }));
    expect(screen.getByText(/Saved before it was kept for whom/)).toBeTruthy();
  });
});
