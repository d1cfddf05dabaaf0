// What is typed in Run, by profile and operation. Drafts survive view switches, failures and new facts: only fields
// nobody touched follow what the backend proposes.
import type { Draft, Field, Form, Operation, Pair } from "../wire/types";
import { session } from "./session.svelte";
import { view } from "./view.svelte";

export interface Typed {
  values: Record<string, string[]>;
  /** Fields the user changed. */
  touched: string[];
  /** Fields held as a finished step used them. */
  pinned: string[];
  extra: Pair[];
  /** Confirmations that a token of another environment may go where it is named. */
  confirmed?: string[];
}

/** Name of the values that confirm a token of another environment; Rust reads them. */
const CONFIRMED = "danger_other_environment";

const EMPTY: Typed = { values: {}, touched: [], pinned: [], extra: [] };

class Drafts {
  #all = $state.raw<Record<string, Typed>>({});

  of(profile: string, operation: Operation): Typed {
    return this.#all[`${profile}/${operation}`] ?? EMPTY;
  }

  #put(profile: string, operation: Operation, typed: Typed): void {
    this.#all = { ...this.#all, [`${profile}/${operation}`]: typed };
  }

  /** Takes over what a form proposes, where nothing was touched. `tokens`: the selection moved, so tokens follow it. */
  propose(profile: string, form: Form, tokens: boolean): void {
    const typed = this.of(profile, form.operation);
    const values: Record<string, string[]> = {};
    const has = (name: string) => form.fields.some((field) => field.name === name);
    let touched = typed.touched.filter(has);
    let pinned = typed.pinned.filter(has);
    for (const field of form.fields) {
      if (tokens && field.kind.kind === "token" && field.initial.some((value) => value !== "")) {
        touched = touched.filter((name) => name !== field.name);
        pinned = pinned.filter((name) => name !== field.name);
      }
      const held = touched.includes(field.name) || pinned.includes(field.name);
      values[field.name] = held ? (typed.values[field.name] ?? field.initial) : field.initial;
    }
    this.#put(profile, form.operation, { values, touched, pinned, extra: typed.extra, confirmed: typed.confirmed });
  }

  set(profile: string, operation: Operation, field: string, value: string[]): void {
    const typed = this.of(profile, operation);
    this.#put(profile, operation, {
      ...typed,
      values: { ...typed.values, [field]: value },
      touched: [...typed.touched.filter((name) => name !== field), field],
    });
  }

  /** Confirms that a token of another environment may be sent, or takes that back. */
  confirm(profile: string, operation: Operation, confirmation: string, yes: boolean): void {
    const typed = this.of(profile, operation);
    const others = (typed.confirmed ?? []).filter((one) => one !== confirmation);
    this.#put(profile, operation, { ...typed, confirmed: yes ? [...others, confirmation] : others });
  }

  setExtra(profile: string, operation: Operation, extra: Pair[]): void {
    this.#put(profile, operation, { ...this.of(profile, operation), extra });
  }

  /** Holds every value as it is, so that a step's own result does not move the form under its outcome. */
  pin(profile: string, operation: Operation): void {
    const typed = this.of(profile, operation);
    this.#put(profile, operation, { ...typed, pinned: Object.keys(typed.values) });
  }

  /** New tokens came from `operation`: the other forms of the profile may take them up again. */
  release(profile: string, operation: Operation): void {
    const kept = `${profile}/${operation}`;
    this.#all = Object.fromEntries(
      Object.entries(this.#all).map(([key, typed]) => [
        key,
        key === kept || !key.startsWith(`${profile}/`) ? typed : { ...typed, pinned: [] },
      ]),
    );
  }

  /** Forgets what was typed. */
  reset(profile: string, operation: Operation): void {
    this.#put(profile, operation, EMPTY);
  }

  /** Fills a form from elsewhere (a fix, a step to run again) and opens it. Nothing is sent. */
  fill(operation: Operation, values: Pair[], extra?: Pair[]): void {
    const profile = session.profile?.id;
    if (!profile) return;
    const grouped: Record<string, string[]> = {};
    // An empty value empties the field: as a chip it would stand there and say nothing.
    for (const { name, value } of values) grouped[name] = [...(grouped[name] ?? []), ...(value === "" ? [] : [value])];
    const typed = this.of(profile, operation);
    this.#put(profile, operation, {
      pinned: typed.pinned,
      values: { ...typed.values, ...grouped },
      touched: [...new Set([...typed.touched, ...Object.keys(grouped)])],
      extra: extra ?? typed.extra,
    });
    view.operation = operation;
    view.pane = "request";
    view.place = "run";
  }

  /** Opens a form with a token in a field, chosen by hand: of another environment it is named there before anything is sent. */
  use(operation: Operation, field: string, token: string): void {
    this.fill(operation, [{ name: field, value: `token:${token}` }]);
  }

  /** The fields that belong to the form as it is filled: some depend on what another one says. What is typed in the others is kept. */
  shown(profile: string, form: Form): Field[] {
    const typed = this.of(profile, form.operation);
    const value = (name: string) =>
      (typed.values[name] ?? form.fields.find((field) => field.name === name)?.initial ?? [])[0] ?? "";
    return form.fields.filter((field) => field.shown_if === null || field.shown_if.values.includes(value(field.shown_if.field)));
  }

  /** The draft as the backend takes it; fields the server does not know, or that are not shown, stay out. */
  draft(profile: string, form: Form): Draft {
    const typed = this.of(profile, form.operation);
    const values = this.shown(profile, form)
      .filter((field) => field.unavailable === null)
      .flatMap((field) => (typed.values[field.name] ?? field.initial).map((value): Pair => ({ name: field.name, value })));
    values.push(...(typed.confirmed ?? []).map((value): Pair => ({ name: CONFIRMED, value })));
    return { operation: form.operation, profile, values, extra: typed.extra.filter((pair) => pair.name !== "") };
  }
}

export const drafts = new Drafts();
