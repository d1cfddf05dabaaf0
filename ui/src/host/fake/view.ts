// Where the window of a scenario opens.
import type { SavedView } from "../../wire/types";

/** `twice`: with two environments; `profile`: the chosen one. */
export function savedView(name: string, twice: boolean, theme: SavedView["theme"], profile: string | null): SavedView {
  const first = name === "first";
  // `?fake=odd-jwe` opens that token.
  const looked = name.startsWith("odd-") ? `t-${name.slice(4)}` : null;
  return {
    view: twice || /longer$/.test(name) ? "compare" : looked === null ? "run" : "compare",
    selected: twice
      ? ["dev-access", "prod-access"]
      : /longer$/.test(name)
        ? ["t-access", "t-id", "t-app", "t-batch"].slice(0, name === "four-longer" ? 4 : 2)
        : first
          ? []
          : [looked ?? "t-access"],
    operation: first ? null : "token_exchange",
    theme,
    time_mode: "relative",
    profile,
    step: null,
  };
}
