// Finding in the palette: every typed word must occur; matches at the start of a title come first.
import type { Command } from "../../state/commands.svelte";

export function find(all: Command[], typed: string): Command[] {
  const words = typed
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  if (words.length === 0) return all;
  return all
    .map((command) => ({ command, score: score(command, words) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .map(({ command }) => command);
}

function score(command: Command, words: string[]): number {
  const title = command.title.toLowerCase();
  const text = `${title} ${(command.note ?? "").toLowerCase()}`;
  if (!words.every((word) => text.includes(word))) return 0;
  const [first = ""] = words;
  return title.startsWith(first) ? 3 : new RegExp(`\\b${escaped(first)}`).test(title) ? 2 : 1;
}

/** A text cut into matched and unmatched pieces, in order. */
export function marked(text: string, typed: string): { text: string; hit: boolean }[] {
  const words = typed
    .split(/\s+/)
    .filter((word) => word !== "")
    .map(escaped);
  if (words.length === 0) return [{ text, hit: false }];
  return text
    .split(new RegExp(`(${words.join("|")})`, "i"))
    .map((piece, i) => ({ text: piece, hit: i % 2 === 1 }))
    .filter((piece) => piece.text !== "");
}

const escaped = (word: string) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
