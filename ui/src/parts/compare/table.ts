// Which claims the table shows: the comparison as it came, narrowed by a verdict, by the changes only
// switch and by the words typed into the filter. Pure, so that counts and rows can not disagree.
import type { Cell, ClaimValue, Group, Row, TokenView, Verdict } from "../../wire/types";

export interface Filter {
  /** Words, any case; empty = all. */
  words: string;
  changesOnly: boolean;
  /** Of two environments only what differs in substance counts as a change. */
  substance?: boolean;
  /** The pressed verdict. */
  verdict: Verdict | null;
  /** Whether the JOSE header is among the rows. */
  header: boolean;
}

export const isChanged = (row: Row): boolean => row.changes.some((change) => change !== "same" && change !== "unknown");

/** JOSE header parameters have their switch; one that differs is shown all the same. */
const isHeader = (row: Row): boolean => row.path.startsWith("header.") && !isChanged(row);

/** Counts for the All and Changes switch, of what the switch would show. */
export function counts(groups: Group[], header: boolean, substance = false): { all: number; changes: number } {
  const rows = groups.flatMap((group) => group.rows).filter((row) => header || !isHeader(row));
  return { all: rows.length, changes: rows.filter((row) => (substance ? row.substance : isChanged(row))).length };
}

/** The groups that remain, and how many claims a verdict or the words hide. */
export function shown(groups: Group[], filter: Filter): { groups: Group[]; hidden: number } {
  const words = filter.words.trim().toLowerCase();
  const paths = filter.verdict === null ? null : new Set(filter.verdict.paths);
  let hidden = 0;
  const left = groups
    .map((group) => {
      const rows = group.rows.filter((row) => {
        if (filter.changesOnly && !(filter.substance === true ? row.substance : isChanged(row))) return false;
        if (!filter.header && paths === null && isHeader(row)) return false;
        const fits = (paths === null || paths.has(row.path)) && (words === "" || matches(group, row, words));
        // What the header's switch leaves out anyway is not hidden by the verdict or the words.
        if (!fits && (filter.header || !isHeader(row))) hidden += 1;
        return fits;
      });
      return { ...group, rows };
    })
    .filter((group) => group.rows.length > 0);
  return { groups: left, hidden };
}

function matches(group: Group, row: Row, words: string): boolean {
  const texts = [group.title, row.path, row.label, row.meaning ?? "", row.change_text, ...row.cells.flatMap(cellTexts)];
  const hay = texts.join("\n").toLowerCase();
  return words.split(/\s+/).every((word) => hay.includes(word));
}

function cellTexts(cell: Cell): string[] {
  if (cell.kind === "value") return valueTexts(cell.value);
  if (cell.kind === "members") return cell.members.map((member) => member.text);
  return [];
}

export function valueTexts(value: ClaimValue): string[] {
  if (value.kind === "set") return value.members;
  if (value.kind === "time") return [String(value.epoch)];
  return [value.text];
}

/** Words for the fold of a group that is all equal: its claims in their order. */
export const foldedWords = (group: Group): string => group.summary || group.rows.map((row) => row.label).join(", ");

/** A token's name in one line: `alice, access · frontend`. */
export const tokenName = (token: TokenView): string => [token.label, token.note].filter((part) => part !== "").join(" · ");
