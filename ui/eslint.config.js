// The folder name is the dependency rule: views → parts → kit, views → state → host → wire.
// Types cross freely (they vanish); values do not.
import svelte from "eslint-plugin-svelte";
import globals from "globals";
import ts from "typescript-eslint";
import svelteConfig from "./svelte.config.js";

/** A rule that keeps the files of `folder` from importing values of `others`. */
function tier(folder, others, tauri = true) {
  const patterns = others.map((other) => ({
    regex: `^(\\.\\./)+${other}/`,
    allowTypeImports: true,
    message: `${folder}/ must not reach into ${other}/.`,
  }));
  if (tauri) patterns.push({ regex: "^@tauri-apps/", message: "Only host/ talks to Tauri." });
  return {
    files: [`src/${folder}/**/*.{ts,svelte}`],
    ignores: ["src/**/*.test.ts"],
    rules: { "@typescript-eslint/no-restricted-imports": ["error", { patterns }] },
  };
}

export default ts.config(
  { ignores: ["dist", "node_modules", "src/wire"] },
  ...ts.configs.recommended,
  ...svelte.configs.recommended,
  {
    languageOptions: { globals: { ...globals.browser } },
    rules: {
      "@typescript-eslint/consistent-type-imports": "error",
      "no-console": "error",
      eqeqeq: "error",
    },
  },
  {
    files: ["**/*.svelte", "**/*.svelte.ts"],
    languageOptions: { parserOptions: { parser: ts.parser, svelteConfig } },
    rules: {
      "svelte/no-at-html-tags": "error",
      "svelte/no-inline-styles": ["error", { allowTransitions: false }],
      "svelte/require-each-key": "error",
      // `{" "}` is how a space survives beside a block.
      "svelte/no-useless-mustaches": "off",
      // Collections here are replaced whole ($state.raw), so plain ones are right.
      "svelte/prefer-svelte-reactivity": "off",
    },
  },
  tier("kit", ["parts", "views", "state", "host"]),
  tier("parts", ["views", "state", "host"]),
  tier("views", ["host"]),
  tier("state", ["views", "parts", "kit"]),
  tier("host", ["views", "parts", "kit", "state"], false),
  tier("format", ["views", "parts", "kit", "state", "host"]),
);
