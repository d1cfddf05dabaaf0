// Svelte throws where a key comes twice, and the window stands still. So no `{#each}` is keyed by what others may repeat.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "svelte/compiler";
import { describe, expect, it } from "vitest";
import { unique } from "../format/unique";

/** Lists whose keys our own code makes, each with why none can come twice. */
const OURS: Record<string, string> = {
  "views/frame/Toasts.svelte toasts.list": "a counter numbers them",
  "parts/audit/RowGrid.svelte items": "the windowed list numbers its rows",
  "kitpage/KitPage.svelte names": "the names of an object",
};

interface Node {
  type?: string;
  name?: string;
  start: number;
  end: number;
  index?: string;
  key?: Node;
  expression?: Node;
}

/** Every node below one. */
function* below(node: unknown): Generator<Node> {
  if (node === null || typeof node !== "object") return;
  if (!Array.isArray(node) && "type" in node) yield node as Node;
  for (const child of Object.values(node)) yield* below(child);
}

/** The lists of a component whose keys may come twice. */
function risky(name: string, text: string): string[] {
  return [...below(parse(text, { modern: true }).fragment)].flatMap((each) => {
    if (each.type !== "EachBlock" || !each.key || !each.expression) return [];
    const list = text.slice(each.expression.start, each.expression.end);
    const counted =
      each.index !== undefined && [...below(each.key)].some((part) => part.type === "Identifier" && part.name === each.index);
    const safe = counted || /^unique\(/.test(list) || /^[A-Z_]+$/.test(list);
    return safe ? [] : [`${name} ${list}`];
  });
}

describe("keys of lists", () => {
  const root = join(process.cwd(), "src");
  const found = readdirSync(root, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".svelte"))
    .flatMap((name) => risky(name.replaceAll("\\", "/"), readFileSync(join(root, name), "utf8")));

  it("are counted, made unique, or ours", () => {
    expect(found.filter((one) => !(one in OURS))).toEqual([]);
    expect(Object.keys(OURS).filter((one) => !found.includes(one))).toEqual([]);
  });

  it("are found out where they may repeat", () => {
    expect(risky("A", "{#each faults as fault (fault.field + fault.message)}x{/each}")).toEqual(["A faults"]);
    expect(
      risky(
        "A",
        "{#each faults as fault, i (i)}x{/each}{#each unique(faults, (one) => one.id) as { rowKey } (rowKey)}x{/each}{#each CHIPS as chip (chip)}x{/each}",
      ),
    ).toEqual([]);
  });

  it("stay the items' own as long as they do not repeat", () => {
    expect(unique(["a", "b", "a", "a 2", "a"], (one) => one).map((one) => one.rowKey)).toEqual(["a", "b", "a 2", "a 2 2", "a 3"]);
  });
});
