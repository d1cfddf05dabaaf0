// The keyboard registry: one listener, one list, and the list people read comes from it.
import { untrack } from "svelte";

export interface Shortcut {
  /** `Mod+K`, `Mod+Enter`, `?`, `Escape`. Mod is Ctrl, or Command on a Mac. */
  keys: string;
  label: string;
  /** Heading in the keyboard list. */
  group: string;
  /** Runs while an input has the focus; shortcuts with Mod do by default. */
  inInputs?: boolean;
  run: (event: KeyboardEvent) => void;
}

class Keyboard {
  #shortcuts = $state.raw<Shortcut[]>([]);

  get list(): Shortcut[] {
    return this.#shortcuts;
  }

  /** Adds shortcuts; later ones win. Returns their removal; fit for `$effect`. */
  add(shortcuts: Shortcut[]): () => void {
    this.#shortcuts = [...untrack(() => this.#shortcuts), ...shortcuts];
    return () => {
      this.#shortcuts = untrack(() => this.#shortcuts).filter((other) => !shortcuts.includes(other));
    };
  }

  /** Handles a key if somebody wants it. */
  press(event: KeyboardEvent): void {
    if (event.defaultPrevented) return;
    // A dialog in front keeps its keys.
    if (document.querySelector("dialog[open]")) return;
    const said = spell(event);
    const found = this.#shortcuts.findLast(
      (shortcut) => shortcut.keys === said && ((shortcut.inInputs ?? said.startsWith("Mod+")) ? true : !inInput(event)),
    );
    if (!found) return;
    event.preventDefault();
    found.run(event);
  }
}

/** A key event as shortcuts are written. */
export function spell(event: KeyboardEvent): string {
  const key = event.key.length === 1 ? event.key.toUpperCase() : event.key;
  const mod = event.ctrlKey || event.metaKey ? "Mod+" : "";
  // Shift makes `?` what it is; it only counts beside a letter or a named key.
  const shift = event.shiftKey && (/^[A-Z]$/.test(key) || key.length > 1) && (mod || key.length > 1) ? "Shift+" : "";
  return `${mod}${event.altKey ? "Alt+" : ""}${shift}${key}`;
}

/** Whether the user is typing. */
export function inInput(event: Event): boolean {
  const target = event.target as HTMLElement | null;
  return (
    target?.closest?.("input, textarea, [contenteditable]") !== null &&
    target !== null &&
    target !== (document.body as HTMLElement)
  );
}

export const keyboard = new Keyboard();
