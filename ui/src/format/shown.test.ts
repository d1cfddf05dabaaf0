import { describe, expect, it } from "vitest";
import { shown, shownDeep } from "./shown";

describe("text from outside", () => {
  it.each([
    ["sub", "sub"],
    ["a\u202eb", "a\\u{202e}b"],
    ["a\u200bb", "a\\u{200b}b"],
    ["\u{e0041}", "\\u{e0041}"],
    ["\ufe0f", "\\u{fe0f}"],
    ["\u3164", "\\u{3164}"],
    ["a\u3000b", "a\\u{3000}b"],
    ["\u{16fe4}", "\\u{16fe4}"],
    ["\ufffc\u{1fffe}\u{2ffff}", "\\u{fffc}\\u{1fffe}\\u{2ffff}"],
    ["𠀀 \ufffd", "𠀀 \ufffd"],
    ["a\u0007", "a\\u{7}"],
    ["line\nbreak\ttab", "line\nbreak\ttab"],
    ["Zoë 東京 עברית محمد", "Zoë 東京 עברית محمد"],
    ["\u2068אבג\u2069 3", "\u2068אבג\u2069 3"],
    ["open \u2068 only", "open \\u{2068} only"],
    ["\u2069 early \u2068", "\\u{2069} early \\u{2068}"],
  ])("%j is drawn as %j", (text, expected) => expect(shown(text)).toBe(expected));

  it("is written out wherever it stands in an answer, and the rest is left alone", () => {
    const answer = { list: ["fine", { name: "a\u202eb" }], same: { deep: [1, null, true] } };
    const clean = shownDeep(answer);
    expect(clean).toEqual({ list: ["fine", { name: "a\\u{202e}b" }], same: { deep: [1, null, true] } });
    expect(clean.same).toBe(answer.same);
    expect(shownDeep(answer.same)).toBe(answer.same);
  });
});
