// Everything the palette can do. Views add theirs while they are shown; the frame's stay.
import { untrack } from "svelte";
import type { IconName } from "../kit/icons";

export interface Command {
  id: string;
  group: "Commands" | "Tokens" | "Profiles" | "Journal";
  title: string;
  note?: string;
  icon: IconName;
  keys?: string;
  /** Quiet text at the right edge instead of a shortcut. */
  aside?: string;
  run: () => void;
}

class Commands {
  #sources = $state.raw<(() => Command[])[]>([]);

  /** Adds a source of commands, read each time the palette opens. Returns its removal; fit for `$effect`. */
  add(source: () => Command[]): () => void {
    this.#sources = [...untrack(() => this.#sources), source];
    return () => {
      this.#sources = untrack(() => this.#sources).filter((other) => other !== source);
    };
  }

  all(): Command[] {
    return this.#sources.flatMap((source) => source());
  }
}

export const commands = new Commands();
