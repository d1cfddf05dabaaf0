// No file needs itself by way of others: a circle makes two files one that cannot be understood, moved or loaded by halves.
// Types do not count, since they vanish; which folder may reach into which is the lint's part.
import { readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";

type Files = Map<string, string>;

/** The scripts of a component, or a module as it is. */
function code(name: string, text: string): string {
  if (!name.endsWith(".svelte")) return text;
  return [...text.matchAll(/<script[^>]*>([\s\S]*?)<\/script>/g)].map((found) => found[1]).join("\n");
}

/** Whether an import or export brings types alone. */
function isOfTypes(node: ts.ImportDeclaration | ts.ExportDeclaration): boolean {
  if (ts.isExportDeclaration(node)) return node.isTypeOnly;
  const clause = node.importClause;
  if (clause === undefined) return false;
  const named = clause.namedBindings;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  return (
    clause.name === undefined &&
    named !== undefined &&
    ts.isNamedImports(named) &&
    named.elements.length > 0 &&
    named.elements.every((element) => element.isTypeOnly)
  );
}

/** Where a file's values come from, as they are written: `./text`, `../kit/Icon.svelte`. */
function sources(name: string, text: string): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) {
      if (node.moduleSpecifier && ts.isStringLiteral(node.moduleSpecifier) && !isOfTypes(node))
        found.push(node.moduleSpecifier.text);
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const [from] = node.arguments;
      if (from && ts.isStringLiteral(from)) found.push(from.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(`${name}.ts`, code(name, text), ts.ScriptTarget.Latest));
  return found.filter((from) => from.startsWith("."));
}

/** The files each file takes values from. */
function arrows(files: Files): Map<string, string[]> {
  return new Map(
    [...files].map(([name, text]) => [
      name,
      sources(name, text).flatMap((from) => {
        const path = posix.join(posix.dirname(name), from);
        return [path, `${path}.ts`].filter((one) => files.has(one));
      }),
    ]),
  );
}

/** One way around for each circle that a walk meets; empty when there is none. */
function circles(files: Files): string[] {
  const reached = arrows(files);
  const done = new Set<string>();
  const found: string[] = [];
  const walk = (name: string, way: string[]): void => {
    const at = way.indexOf(name);
    if (at >= 0) found.push([...way.slice(at), name].join(" → "));
    if (at >= 0 || done.has(name)) return;
    for (const next of reached.get(name) ?? []) walk(next, [...way, name]);
    done.add(name);
  };
  for (const name of files.keys()) walk(name, []);
  return found;
}

describe("files", () => {
  const root = join(process.cwd(), "src");
  const files: Files = new Map(
    readdirSync(root, { recursive: true, encoding: "utf8" })
      .filter((name) => /\.(ts|svelte)$/.test(name))
      .map((name) => [name.replaceAll("\\", "/"), readFileSync(join(root, name), "utf8")]),
  );

  it("do not need themselves by way of others", () => {
    expect(circles(files)).toEqual([]);
  });

  it("are all reached, so that no circle hides behind an import that was not read", () => {
    const reached = arrows(files);
    expect(reached.get("main.ts")).toContain("App.svelte");
    expect(reached.get("views/Place.svelte")).toContain("views/Compare.svelte");
    // Every file but where it begins, what the build alone reads, and tests is taken by another one.
    const taken = new Set([...reached.values()].flat());
    const loose = [...files.keys()].filter((name) => !taken.has(name) && !/(^|\/)main\.ts$|\.test\.ts$|^wire\//.test(name));
    expect(loose.filter((name) => name !== "test/setup.ts")).toEqual([]);
  });

  it("that need themselves are found", () => {
    const made = (two: string): string[] =>
      circles(
        new Map([
          ["a/One.svelte", '<script lang="ts">\n  import { two } from "../b/two.svelte";\n</script>\n{two}'],
          ["b/two.svelte.ts", two],
          ["b/three.ts", 'export { default } from "../a/One.svelte";'],
        ]),
      );
    expect(made('import three from "./three";')).toEqual(["a/One.svelte → b/two.svelte.ts → b/three.ts → a/One.svelte"]);
    expect(made('const three = () => import("./three");')).toHaveLength(1);
    expect(made('import type three from "./three";')).toEqual([]);
    expect(made('import { type Three } from "./three";')).toEqual([]);
  });
});
