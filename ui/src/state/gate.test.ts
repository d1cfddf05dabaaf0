import { beforeEach, describe, expect, it, vi } from "vitest";
import type { FakeHost } from "../host/fake";
import { useHost } from "../host/host";
import { boot } from "../test/app";
import type { SecretQuestion, Step } from "../wire/types";
import { dialogs } from "./dialogs.svelte";
import { drifting } from "./drifting.svelte";
import { allowed, isCrossing } from "./gate.svelte";
import { inspecting } from "./inspecting.svelte";
import { tracing } from "./tracing.svelte";

let host: FakeHost;
let STEP: Step;
const question = (changed: Partial<SecretQuestion> = {}): SecretQuestion => ({
  id: "1",
  profile: "staging",
  client_id: "gateway",
  sort: "secret",
  load: null,
  bound: "https://a.example/realms/x",
  issuer: "https://a.example/realms/x",
  origin: "https://b.example",
  words: "",
  ...changed,
});

/** A backend with these questions open. */
function open(...questions: SecretQuestion[]): { answers: unknown[] } {
  const answers: unknown[] = [];
  useHost({
    ...host,
    call: async (name, args) => {
      if (name === "secret_questions") return questions as never;
      if (name === "answer_secret_question") answers.push(args);
      return await host.call(name, args);
    },
  });
  return { answers };
}

async function say(choice: "yes" | "other" | "cancel"): Promise<{ title: string; body: string }> {
  await vi.waitFor(() => expect(dialogs.question).not.toBeNull());
  const asked = dialogs.question;
  if (asked === null) throw new Error("nothing was asked");
  asked.answer(choice);
  return { title: asked.title, body: asked.body };
}

beforeEach(async () => {
  host = await boot();
  STEP = await host.call("read_step", { step: 128 });
  dialogs.question = null;
});

describe("a secret that was stopped", () => {
  it("is asked about with both sides named, and goes once, always or not at all", async () => {
    for (const [choice, consent, goes] of [
      ["yes", "once", true],
      ["other", "always", true],
      ["cancel", "no", false],
    ] as const) {
      const { answers } = open(question());
      const going = allowed("secret-to-another-host");
      const asked = await say(choice);
      expect(asked.title).toBe("Send the secret of gateway to https://b.example?");
      expect(asked.body).toContain("It was entered for https://a.example/realms/x.");
      expect(await going).toBe(goes);
      expect(answers).toEqual([{ id: "1", consent }]);
    }
  });

  it("is told from one that an earlier version kept, and a key from a secret", async () => {
    open(question({ bound: null, sort: "key" }));
    const first = allowed("secret-bound-to-nobody");
    const asked = await say("cancel");
    expect(asked.title).toContain("private key of gateway");
    expect(asked.body).toContain("was not kept with it");
    await first;
    open(question({ issuer: "https://b.example/realms/x" }));
    const second = allowed("secret-of-another-issuer");
    expect((await say("cancel")).body).toContain("the profile now names https://b.example/realms/x");
    await second;
  });

  it("a code, a token or a password is asked about by what it is, with both sides named", async () => {
    for (const [choice, consent, goes] of [
      ["yes", "once", true],
      ["other", "always", true],
      ["cancel", "no", false],
    ] as const) {
      const { answers } = open(question({ load: "The authorization code with its PKCE verifier" }));
      const going = allowed("secret-to-another-host");
      const asked = await say(choice);
      expect(asked.title).toBe("Send it to https://b.example?");
      expect(asked.body).toContain(
        "The authorization code with its PKCE verifier would go to https://b.example. This profile names https://a.example/realms/x",
      );
      expect(await going).toBe(goes);
      expect(answers).toEqual([{ id: "1", consent }]);
    }
    open(question({ load: "The refresh token", issuer: "", bound: null }));
    const going = allowed("secret-to-another-host");
    expect((await say("cancel")).body).toContain("This profile names no server that can be read");
    await going;
  });

  it("every one of several is asked about, and one no is enough", async () => {
    const { answers } = open(question(), question({ id: "2", origin: "https://c.example" }));
    const going = allowed("secret-to-another-host");
    await say("yes");
    await say("cancel");
    expect(await going).toBe(false);
    expect(answers).toEqual([
      { id: "1", consent: "once" },
      { id: "2", consent: "no" },
    ]);
  });

  it("is asked about wherever a token is shown to servers, and it is tried again with the user's word", async () => {
    inspecting.token = "t-access";
    await tracing.read("t-access");
    const places: [string, () => Promise<void>][] = [
      ["ask_server", () => inspecting.ask()],
      ["walk", () => tracing.walk()],
      ["drift", () => drifting.begin({ what: "token", token: "t-access" })],
    ];
    for (const [name, act] of places) {
      for (const [choice, calls] of [
        ["cancel", 1],
        ["yes", 2],
      ] as const) {
        let made = 0;
        useHost({
          ...host,
          call: async (called, args) => {
            if (called === "secret_questions") return [question({ load: "The token" })] as never;
            if (called === "answer_secret_question") return true as never;
            const answer = await host.call(called, args);
            if (called !== name) return answer;
            made += 1;
            const step = { ...STEP, problem_id: made === 1 ? "secret-to-another-host" : null };
            return (name === "drift" ? { ...(answer as object), step } : { ...(answer as object), last_step: step }) as never;
          },
        });
        const going = act();
        await say(choice);
        await going;
        expect(made, `${name}, ${choice}`).toBe(calls);
      }
    }
  });

  it("no other problem asks anything", async () => {
    open(question());
    for (const problem of [null, undefined, "unreachable", "secret-store"])
      expect(isCrossing(problem) || (await allowed(problem))).toBe(false);
    expect(dialogs.question).toBeNull();
    open();
    expect(await allowed("secret-to-another-host"), "nothing is open any more").toBe(false);
  });
});
