import { describe, expect, it } from "vitest";
import { named } from "./names";

const USER = "an-extremely-long-user-name-that-nobody-would-choose-but-active-directory-does@corp.example.com";

describe("the names of a verdict", () => {
  it.each([
    [`${USER} → carol`, 20, ["an-extreme…ample.com", "carol"]],
    [`client-18-${"x".repeat(50)} → client-27-${"x".repeat(50)}`, 14, ["client-18-xxx…", "client-27-xxx…"]],
    ["frontend → portal", 14, ["frontend", "portal"]],
    ["18 → 27", 14, ["18", "27"]],
    ["", 14, ["", ""]],
  ])("%s in %i letters each", (rest, most, expected) => {
    const { from, to } = named(rest, most);
    for (const [at, text] of [from, to].entries()) {
      expect([...text].length).toBeLessThanOrEqual(most);
      // The cut may stand elsewhere; what tells the names apart is there.
      expect(text.slice(0, 4)).toBe((expected[at] ?? "").slice(0, 4));
    }
    if (to !== "") expect(from).not.toBe(to);
  });

  it("keeps what is said of the second name whole", () => {
    expect(named(`alice → ${"b".repeat(60)}, an application`, 10)).toMatchObject({ from: "alice", after: ", an application" });
    expect([...named("x".repeat(60), 12).from].length).toBe(12);
  });
});
