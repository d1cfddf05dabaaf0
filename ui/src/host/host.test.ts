import { describe, expect, it } from "vitest";
import { fakeHost, fault } from "./fake";
import { call, faultOf, Refusal, useHost, type Answer } from "./host";

describe("host", () => {
  it("rejects with the backend's fault", async () => {
    const host = fakeHost("lab", 0);
    useHost(host);
    host.fail("list_tokens", fault({ kind: "storage", id: "locked", message: "The journal is locked." }));
    const thrown = await call("list_tokens", {}).catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(Refusal);
    expect(faultOf(thrown)).toMatchObject({ kind: "storage", id: "locked" });
  });

  it.each([[new Error("boom")], ["boom"], [{ boom: true }]])("makes a bug of what is no fault: %j", (thrown) => {
    expect(faultOf(thrown)).toMatchObject({ kind: "bug", id: "unexpected" });
    expect(faultOf(thrown).message).toContain("boom");
  });

  it("gives out copies, so that nobody changes the backend's facts", async () => {
    useHost(fakeHost("lab", 0));
    const one = await call("list_tokens", {});
    one.length = 0;
    expect(await call("list_tokens", {})).not.toHaveLength(0);
  });

  it("writes hidden characters out in every answer, and leaves what is edited as it is", async () => {
    const inner = fakeHost("lab", 0);
    const name = "bob\u202egnp.exe";
    useHost({
      ...inner,
      call: async (command, args) => {
        const answer = await inner.call(command, args);
        if (command === "boot") {
          const boot = answer as Answer<"boot">;
          for (const token of boot.tokens) token.label = name;
          if (boot.profile) boot.profile.name = name;
        }
        return answer;
      },
    });
    const boot = await call("boot", {});
    expect(boot.tokens[0]?.label).toBe("bob\\u{202e}gnp.exe");
    expect(boot.profile?.name).toBe(name);
  });
});
