import { cleanup, render, screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { FakeHost } from "../host/fake";
import { useHost } from "../host/host";
import { editing } from "../state/editing.svelte";
import { session } from "../state/session.svelte";
import { view } from "../state/view.svelte";
import { boot } from "../test/app";
import { expectAccessible } from "../test/axe";
import Run from "./Run.svelte";

const REASON = "The profile has no token endpoint. Read the server's metadata in Profiles.";
let host: FakeHost;
let asked: string[] = [];

beforeEach(async () => {
  host = await boot();
  asked = [];
  Object.assign(editing, { current: null, drafts: {}, fault: null, discovered: null });
  const own = session.profiles.find((one) => one.name === "Staging");
  await session.choose(own?.id ?? "");
  if (session.profile) session.profile = { ...session.profile, provider: { ...session.profile.provider, read_ms: 0 } };
  useHost({
    ...host,
    call: async (name, args) => {
      asked.push(name);
      const answer = await host.call(name, args);
      if (name !== "open_form" || (session.profile?.provider.read_ms ?? 0) > 0) return answer;
      const opened = answer as { form: object; operations: object[] };
      return {
        form: { ...opened.form, unavailable: REASON },
        operations: opened.operations.map((one) => ({ ...one, unavailable: REASON })),
      } as typeof answer;
    },
  });
  view.operation = "token_exchange";
});
afterEach(cleanup);

describe("a profile whose server was never read", () => {
  it("reads it from where the operation is missing, and saves what was found", async () => {
    const user = userEvent.setup();
    render(Run);
    const button = await screen.findByRole("button", { name: "Read the metadata" });
    await expectAccessible();
    await user.click(button);
    await waitFor(() => expect(screen.queryByText(REASON)).toBeNull());
    expect(asked.filter((name) => name === "discover" || name === "save_profile")).toEqual(["discover", "save_profile"]);
    expect(session.profile?.provider.read_ms).toBeGreaterThan(0);
  });

  it("says the reason once in the menu", async () => {
    const user = userEvent.setup();
    render(Run);
    await screen.findByRole("button", { name: "Read the metadata" });
    await user.click(document.getElementById("operation-menu") as HTMLElement);
    const rows = await screen.findAllByRole("option");
    expect(rows.length).toBeGreaterThan(3);
    expect(rows.filter((row) => row.textContent.includes(REASON))).toHaveLength(1);
  });
});

describe("a form that was sent with headers of one's own", () => {
  it.each([
    "X-Api-Key: 12345",
    "Cookie: a=b; c=d",
    "Authorization: Basic eDp5",
    "X-Mine: whatever\nAccept: text/plain",
    "Ocp-Apim-Subscription-Key: k",
  ])("is not taken for a changed one, though the step keeps it masked: %s", async (headers) => {
    const user = userEvent.setup();
    host.answer("run", (ran) => ({
      ...ran,
      step: {
        ...ran.step,
        draft: ran.step.draft && {
          ...ran.step.draft,
          values: ran.step.draft.values.map((pair) =>
            pair.name === "headers" ? { ...pair, value: pair.value.replace(/: .*/g, ": ••••••••") } : pair,
          ),
        },
      },
    }));
    useHost(host);
    await session.choose("lab");
    view.operation = "call_api";
    render(Run);
    const field = await waitFor(() => document.getElementById("field-headers") as HTMLTextAreaElement);
    await user.click(field);
    await user.paste(headers);
    await user.click(document.getElementById("run-button") as HTMLElement);
    await waitFor(() => expect(document.getElementById("outcome")?.dataset["outcome"]).toBe("success"));
    expect(screen.queryByRole("separator", { name: "Earlier answer" })).toBeNull();
    await user.click(document.getElementById("field-headers") as HTMLElement);
    await user.paste("\nX-Other: 1");
    await screen.findByRole("separator", { name: "Earlier answer" });
    cleanup();
  });
});
