// The only door to the backend. Everything above it sees typed commands and `Refusal`, never Tauri.
import { invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import { shownDeep } from "../format/shown";
import type { Commands, Fault, Progress } from "../wire/types";

export type Name = keyof Commands;
export type Arguments<K extends Name> = Commands[K]["arguments"];
export type Answer<K extends Name> = Commands[K]["answer"];

/** What a host must do; Tauri is one, the fake of the tests another. */
export interface Host {
  call<K extends Name>(name: K, args: Arguments<K>): Promise<Answer<K>>;
  /** Calls back for every progress report until the returned function is called. */
  onProgress(heard: (progress: Progress) => void): Promise<() => void>;
  /** Calls back for files that are held over the window and dropped on it. */
  onFiles(heard: (files: Files) => void): Promise<() => void>;
  /** Calls back when the window was to be closed and something typed would be lost (`hold_window`). */
  onLeaving(heard: () => void): Promise<() => void>;
}

/** Files over the window; `paths` once they are dropped. */
export interface Files {
  over: boolean;
  paths: string[];
}

/** A command that did not succeed, with the backend's fault in full. */
export class Refusal extends Error {
  readonly fault: Fault;
  constructor(fault: Fault) {
    super(fault.message);
    this.name = "Refusal";
    this.fault = fault;
  }
}

const tauri: Host = {
  call: (name, args) => invoke(name, args),
  onProgress: (heard) => listen<Progress>("progress", (event) => heard(event.payload)),
  onLeaving: (heard) => listen("leaving", () => heard()),
  onFiles: async (heard) => {
    // Something dragged within the window has no paths.
    const enter = await listen<{ paths: string[] }>("tauri://drag-enter", (event) =>
      heard({ over: event.payload.paths.length > 0, paths: [] }),
    );
    const leave = await listen("tauri://drag-leave", () => heard({ over: false, paths: [] }));
    const drop = await listen<{ paths: string[] }>("tauri://drag-drop", (event) =>
      heard({ over: false, paths: event.payload.paths }),
    );
    return () => {
      for (const stop of [enter, leave, drop]) stop();
    };
  },
};

let host: Host = tauri;

/** Replaces the backend; for tests and for the browser in development. */
export function useHost(other: Host): void {
  host = other;
}

/** What goes back to where it came from as it is: what a user edits, by the member of the answer, or a whole answer. */
const EXACT: Partial<Record<Name, readonly string[] | "all">> = {
  boot: ["profile", "view"],
  open_profile: ["profile"],
  save_profile: ["profile"],
  duplicate_profile: ["profile"],
  import_profile: ["profile"],
  join_lab: ["profile"],
  redirect_hint: ["profile"],
  discover: ["profile"],
  open_form: ["form"],
  read_expectations: ["expectations"],
  require_from: ["expectations"],
  choose_profile: "all",
  export_profile: "all",
  write_expectations: "all",
  complete_path: "all",
  reveal_secret: "all",
  raw_token: "all",
};

function drawable<K extends Name>(name: K, answer: Answer<K>): Answer<K> {
  const exact = EXACT[name];
  if (exact === "all") return answer;
  if (exact === undefined || answer === null || typeof answer !== "object") return shownDeep(answer);
  const clean = Object.entries(answer).map(
    ([member, value]) => [member, exact.includes(member) ? value : shownDeep(value)] as const,
  );
  return Object.fromEntries(clean) as Answer<K>;
}

/**
 * Runs a command. Rejects with a `Refusal` and nothing else. Hidden characters in an answer are written out here, whatever text
 * from outside it holds, so that no part can forget it.
 */
export async function call<K extends Name>(name: K, args: Arguments<K>): Promise<Answer<K>> {
  try {
    return drawable(name, await host.call(name, args));
  } catch (error) {
    throw new Refusal(shownDeep(faultOf(error)));
  }
}

/** Hears progress of running steps. */
export function onProgress(heard: (progress: Progress) => void): Promise<() => void> {
  return host.onProgress((progress) => heard(shownDeep(progress)));
}

/** Hears that the window was to be closed while it is held. */
export function onLeaving(heard: () => void): Promise<() => void> {
  return host.onLeaving(heard);
}

/** Hears of files over the window. */
export function onFiles(heard: (files: Files) => void): Promise<() => void> {
  return host.onFiles(heard);
}

/** Any thrown thing as a fault: the backend's own, or a bug of ours when it is something else. */
export function faultOf(error: unknown): Fault {
  if (error instanceof Refusal) return error.fault;
  if (isFault(error)) return error;
  const words = error instanceof Error ? error.message : typeof error === "string" ? error : JSON.stringify(error);
  return {
    kind: "bug",
    id: "unexpected",
    message: `Something broke inside Claimscope: ${words}`,
    advice: "Nothing you typed is lost. Try again; if it happens twice, report it with the steps before it.",
    field: null,
    step: null,
  };
}

function isFault(value: unknown): value is Fault {
  return typeof value === "object" && value !== null && "kind" in value && "message" in value && "advice" in value;
}
