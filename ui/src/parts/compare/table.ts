// Which claims the table shows: the comparison as it came, narrowed by a verdict, by the changes only
// switch and by the words typed into the filter. Pure, so that counts and rows can not disagree.
import type { Cell, Change, ClaimValue, Compared, Group, Row, TokenView, Verdict } from "../../wire/types";

/** A row with the change of every column against the first, A. */
export interface ShownRow extends Row {
  /** One a column; the first is always `same`. */
  changes: Change[];
}

export interface ShownGroup {
  id: string;
  title: string;
  summary: string;
  folded: boolean;
  rows: ShownRow[];
}

export interface Filter {
  /** Words, any case; empty = all. */
  words: string;
  changesOnly: boolean;
  /** The pressed verdict. */
  verdict: Verdict | null;
  /** Whether the JOSE header is among the rows. */
  header: boolean;
}

/** Joins the whole comparison with the pairs A:B, A:C… so that every column knows its own change. */
export function joinColumns(whole: Compared, pairs: Compared[]): ShownGroup[] {
  const byPath = pairs.map((pair) => changesByPath(pair.comparison.groups));
  return whole.comparison.groups.map((group) => ({
    ...group,
    rows: group.rows.map((row) => ({ ...row, changes: changesOf(group.id, row, byPath) })),
  }));
}

function changesByPath(groups: Group[]): Map<string, Change> {
  return new Map(groups.flatMap((group) => group.rows.map((row) => [keyOf(group.id, row.path), row.change] as const)));
}

const keyOf = (group: string, path: string): string => `${group} ${path}`;

function changesOf(group: string, row: Row, byPath: Map<string, Change>[]): Change[] {
  if (row.cells.length === 2) return ["same", row.change];
  return row.cells.map((cell, column) => {
    if (column === 0) return "same";
    const known = byPath[column - 1]?.get(keyOf(group, row.path));
    return known ?? changeOfCell(row.cells[0], cell, row.change);
  });
}

/** For a claim no pair knows (absent on both of its sides) or while the pairs are still being read. */
function changeOfCell(first: Cell | undefined, cell: Cell, overall: Change): Change {
  if (cell.kind === "equal") return "same";
  if (cell.kind === "absent") return first?.kind === "absent" ? "same" : "removed";
  if (first?.kind === "absent") return "added";
  return overall === "same" ? "replaced" : overall;
}

export const isChanged = (row: ShownRow): boolean => row.changes.some((change) => change !== "same");

/** Counts for the All and Changes switch, of what the switch would show. */
export function counts(groups: ShownGroup[], header: boolean): { all: number; changes: number } {
  const rows = groups.filter((group) => header || group.id !== "header").flatMap((group) => group.rows);
  return { all: rows.length, changes: rows.filter(isChanged).length };
}

/** The groups that remain, and how many claims a verdict or the words hide. */
export function shown(groups: ShownGroup[], filter: Filter): { groups: ShownGroup[]; hidden: number } {
  const words = filter.words.trim().toLowerCase();
  const paths = filter.verdict === null ? null : new Set(filter.verdict.paths);
  let hidden = 0;
  const left = groups
    .filter((group) => filter.header || group.id !== "header" || paths !== null)
    .map((group) => {
      const rows = group.rows.filter((row) => {
        if (filter.changesOnly && !isChanged(row)) return false;
        const fits = (paths === null || paths.has(row.path)) && (words === "" || matches(group, row, words));
        if (!fits) hidden += 1;
        return fits;
      });
      return { ...group, rows };
    })
    .filter((group) => group.rows.length > 0);
  return { groups: left, hidden };
}

function matches(group: ShownGroup, row: ShownRow, words: string): boolean {
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
export const foldedWords = (group: ShownGroup): string => group.summary || group.rows.map((row) => row.label).join(", ");

/** A token's name in one line: `alice, access · frontend`. */
export const tokenName = (token: TokenView): string => [token.label, token.note].filter((part) => part !== "").join(" · ");
