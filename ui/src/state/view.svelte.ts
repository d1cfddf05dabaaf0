// Where the user is: view, selection, theme, time mode. Selections and drafts are the only things the window owns.
import { call } from "../host/host";
import type { Operation, SavedView, Theme, TimeMode, ViewName } from "../wire/types";

/** Most tokens a comparison takes. */
export const MOST_SELECTED = 4;

class View {
  place = $state<ViewName>("run");
  /** Selected tokens; the first is A. */
  selected = $state.raw<string[]>([]);
  operation = $state<Operation>("log_in");
  theme = $state<Theme>("system");
  timeMode = $state<TimeMode>("relative");
  /** Step selected in Audit. */
  step = $state<number | null>(null);
  /** Pane of Run. */
  pane = $state<"request" | "sequence">("request");
  /** Counts selections made by hand; forms follow these and not the ones a finished step makes. */
  picks = $state(0);
  /** Token that a finished step selected. */
  #issued: string | null = null;
  /** In a narrow window: the shelf as a list of names; folded it is a strip of states. */
  shelfOpen = $state(true);
  /** The shelf shows the tokens of the chosen profile alone. */
  shelfOwn = $state(false);
  /** Section that Profiles should show first, e.g. `resources`; consumed by it. */
  section = $state<string | null>(null);

  restore(saved: SavedView): void {
    this.place = saved.view;
    this.selected = saved.selected;
    this.operation = saved.operation ?? "log_in";
    this.theme = saved.theme;
    this.timeMode = saved.time_mode;
    this.step = saved.step;
  }

  saved(profile: string | null): SavedView {
    return {
      view: this.place,
      selected: this.selected,
      operation: this.operation,
      theme: this.theme,
      time_mode: this.timeMode,
      profile,
      step: this.step,
    };
  }

  /** Token that forms are filled with: the first one selected, unless a step selected its own result. */
  get chosen(): string | null {
    const first = this.selected[0] ?? null;
    return first === this.#issued ? null : first;
  }

  /** Selects one token, as by a click. */
  select(token: string): void {
    this.#issued = null;
    this.selected = [token];
    this.picks += 1;
  }

  /** Adds a token to the selection or takes it out, as by Ctrl-click. */
  toggle(token: string): void {
    this.#issued = null;
    if (this.selected.includes(token)) this.selected = this.selected.filter((other) => other !== token);
    else this.selected = [...this.selected.slice(0, MOST_SELECTED - 1), token];
    this.picks += 1;
  }

  /** Selects without counting as a choice by hand. */
  point(tokens: string[]): void {
    this.selected = tokens.slice(0, MOST_SELECTED);
  }

  /** Shows what a step has issued; the next form begins with what suits it, not with the last result. */
  show(token: string): void {
    this.point([token]);
    this.#issued = token;
  }

  /** Opens Compare with these tokens, subject first. */
  compare(tokens: string[]): void {
    this.point(tokens);
    this.place = "compare";
  }

  /** Opens one token in Inspect, which Compare shows for a single selected token. */
  inspect(token: string): void {
    this.point([token]);
    this.place = "compare";
  }

  /** Opens a step in Audit. */
  openStep(step: number): void {
    this.step = step;
    this.place = "audit";
  }

  /** Opens Profiles, at a section if one is named. */
  editProfile(section: string | null = null): void {
    this.section = section;
    this.place = "profiles";
  }

  /** Forgets tokens that are gone. */
  keep(tokens: string[]): void {
    if (this.selected.some((id) => !tokens.includes(id))) this.selected = this.selected.filter((id) => tokens.includes(id));
  }
}

export const view = new View();

/** Least time between two writes of the view, ms. */
const APART = 300;

/** Saves the view when it changes: at once, and while it goes on changing every so often; the returned function stops that. */
export function saveChanges(profile: () => string | null): () => void {
  let latest = view.saved(profile());
  let written = latest;
  let wait: ReturnType<typeof setTimeout> | undefined;
  function write(): void {
    wait = undefined;
    if (latest === written) return;
    written = latest;
    wait = setTimeout(write, APART);
    // A view that could not be saved costs a scroll at the next start, so nobody is told.
    void call("save_view", { view: latest }).catch(() => undefined);
  }
  const stop = $effect.root(() => {
    let first = true;
    $effect(() => {
      latest = view.saved(profile());
      if (first) {
        first = false;
        written = latest;
        return;
      }
      if (wait === undefined) write();
    });
  });
  return () => {
    clearTimeout(wait);
    stop();
  };
}
