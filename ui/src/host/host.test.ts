import { describe, expect, it } from "vitest";
import { fakeHost, fault } from "./fake";
import { call, faultOf, Refusal, useHost } from "./host";

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
});
