import { describe, expect, it } from "vitest";
import type { Cell, Change, Compared, Row, TokenView, Verdict } from "../../wire/types";
import { lifebar } from "./lifebar";
import { splitWord } from "./sign";
import { counts, shown, type Filter } from "./table";

const text = (value: string): Cell => ({ kind: "value", value: { kind: "text", text: value } });
const row = (path: string, change: Change, cells: Cell[], meaning: string | null = null): Row => ({
  path,
  label: path,
  cells,
  change,
  changes: ["same", change],
  change_text: change,
  meaning,
  failed_check: false,
  substance: change !== "same",
});
const compared = (groups: Record<string, Row[]>): Compared => ({
  comparison: {
    columns: [],
    pairs: [],
    rows: 0,
    changes: 0,
    substance: 0,
    environments: false,
    left_out: 0,
    groups: Object.entries(groups).map(([id, rows]) => ({ id, title: id, summary: "", folded: false, rows })),
  },
  reports: [],
  resources: [],
  step: null,
});
const all: Filter = { words: "", changesOnly: false, verdict: null, header: false };
const verdict = (...paths: string[]): Verdict => ({
  id: "roles",
  label: "Roles",
  tone: "narrowed",
  word: "narrowed",
  rest: "",
  paths,
});

const two = compared({
  identity: [
    row("sub", "same", [text("alice"), { kind: "equal" }], "Subject of the token"),
    row("azp", "replaced", [text("frontend"), text("portal")]),
  ],
  roles: [
    row("realm_access.roles", "removed", [
      { kind: "members", members: [{ text: "auditor", mark: "removed" }], more: 0 },
      { kind: "absent" },
    ]),
  ],
  issuer: [
    row("header.alg", "same", [text("RS256"), { kind: "equal" }]),
    row("header.kid", "replaced", [text("one"), text("other")]),
  ],
});

describe("the table of claims", () => {
  const groups = two.comparison.groups;
  const paths = (filter: Partial<Filter>) =>
    shown(groups, { ...all, ...filter }).groups.flatMap((group) => group.rows.map((one) => one.path));

  it("shows everything but the header, which has its own switch unless it differs", () => {
    expect(paths({})).toEqual(["sub", "azp", "realm_access.roles", "header.kid"]);
    expect(paths({ header: true })).toEqual(["sub", "azp", "realm_access.roles", "header.alg", "header.kid"]);
  });

  it("counts what its switches show", () => {
    expect(counts(groups, false)).toEqual({ all: 4, changes: 3 });
    expect(counts(groups, true)).toEqual({ all: 5, changes: 3 });
    expect(paths({ changesOnly: true })).toEqual(["azp", "realm_access.roles", "header.kid"]);
  });

  it("leaves the rows of a verdict and says how many it hides", () => {
    const left = shown(groups, { ...all, verdict: verdict("realm_access.roles") });
    expect(left.groups.map((group) => group.id)).toEqual(["roles"]);
    // As many as All counts: a header that its switch leaves out is not hidden by the verdict.
    expect(left.hidden).toBe(counts(groups, false).all - 1);
    expect(shown(groups, { ...all, header: true, verdict: verdict("realm_access.roles") }).hidden).toBe(
      counts(groups, true).all - 1,
    );
  });

  it.each([
    ["ALICE", ["sub"]],
    ["subject token", ["sub"]],
    ["auditor", ["realm_access.roles"]],
    ["roles removed", ["realm_access.roles"]],
    ["nothing like it", []],
  ])("finds %s", (words, expected) => {
    expect(paths({ words })).toEqual(expected);
  });
});

describe("the words of a change", () => {
  it.each([
    ["narrowed 3 → 1", "narrowed", "3 → 1"],
    ["B adds 3 → 4", "B adds", "3 → 4"],
    ["A only", "A only", ""],
    ["same", "same", ""],
  ])("%s", (given, word, rest) => {
    expect(splitWord(given)).toEqual({ word, rest });
  });
});

describe("the validity bars", () => {
  const token = (issued_at: number | null, expires_at: number | null) => ({ issued_at, expires_at }) as TokenView;

  it("lays the tokens on one axis and marks what outlives the subject", () => {
    const drawn = lifebar([token(0, 300), token(7, 307)], 100, 307);
    expect(drawn?.bars.map((bar) => [bar.x, bar.width, bar.over])).toEqual([
      [0, 300, null],
      [7, 293, { x: 300, width: 7 }],
    ]);
    expect(drawn?.now).toBe(100);
    expect(drawn?.end).toBe(300);
  });

  it("draws no now outside the drawn time", () => {
    expect(lifebar([token(0, 300), token(7, 200)], 400, 100)?.now).toBeNull();
  });

  it.each([[[token(null, 300), token(0, 300)]], [[token(0, 300), token(0, null)]], [[token(300, 0), token(0, 300)]]])(
    "draws nothing without two spans",
    (tokens) => {
      expect(lifebar(tokens, 0, 100)).toBeNull();
    },
  );
});
