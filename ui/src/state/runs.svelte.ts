// The step that runs now, and how the last one of each operation ended. A run never blocks the window.
import { call, faultOf, onProgress } from "../host/host";
import type { AuditRow, Draft, Fault, Operation, PortalWays, Progress, Step } from "../wire/types";
import { allowed } from "./gate.svelte";
import { session } from "./session.svelte";
import { toasts } from "./toasts.svelte";
import { view } from "./view.svelte";

export interface Running {
  id: string;
  draft: Draft;
  started: number;
  /** `Exchange`, `Log in`. */
  title: string;
  progress: Progress | null;
  cancelling: boolean;
}

export interface Ended {
  step: Step | null;
  /** What the developer portal is good for after it; none where no step ended. */
  portal: PortalWays | null;
  /** A fault that stopped it before there was a step, or beside it. */
  fault: Fault | null;
  /** What the form said when it was sent. The step's own draft is masked, so a form is never compared with that. */
  told: string;
}

/** What a draft says, for telling whether a form was changed since; without the fields no step keeps, which its form names. */
export function told(draft: Draft, unkept: string[]): string {
  return JSON.stringify([draft.values.filter((pair) => !unkept.includes(pair.name) && pair.value !== ""), draft.extra]);
}

/** While a run is on, the server's events are read this often. */
const WATCH_MS = 2000;
/** And at most so many times: the longest log in takes five minutes. */
const WATCH_MOST = 150;

class Runs {
  current = $state.raw<Running | null>(null);
  /** Errors the server noted while the step runs, newest first. */
  noted = $state.raw<AuditRow[]>([]);
  /** By profile and operation. */
  ended = $state.raw<Record<string, Ended>>({});

  #count = 0;

  key(profile: string, operation: Operation): string {
    return `${profile}/${operation}`;
  }

  /** Hears progress; the returned function stops that. */
  listen(): () => void {
    let gone = false;
    let stop: (() => void) | undefined;
    void onProgress((progress) => {
      if (this.current?.id === progress.run) this.current = { ...this.current, progress };
    }).then((unlisten) => {
      if (gone) unlisten();
      else stop = unlisten;
    });
    return () => {
      gone = true;
      stop?.();
    };
  }

  /** Sends a draft; `unkept` is what its form says of it. Resolves when it has ended, however it ended. */
  async start(draft: Draft, title: string, unkept: string[]): Promise<void> {
    if (this.current) return;
    const id = `run-${Date.now()}-${++this.#count}`;
    const key = this.key(draft.profile, draft.operation);
    this.current = { id, draft, started: Date.now(), title, progress: null, cancelling: false };
    const before = { ...this.ended };
    delete before[key];
    const said = told(draft, unkept);
    this.ended = before;
    const unwatch = this.#watch(draft);
    let problem: string | null = null;
    try {
      const ran = await call("run", { run: id, draft });
      session.took(ran);
      this.#end(key, { step: ran.step, portal: ran.portal, fault: null, told: said });
      problem = ran.step.problem_id;
      void this.#events(key, ran.step);
      const issued = ran.step.tokens_out[0];
      if (issued) view.show(issued);
    } catch (error) {
      const fault = faultOf(error);
      this.#end(key, { step: await this.#stepOf(fault), portal: null, fault, told: said });
    } finally {
      unwatch();
      this.current = null;
    }
    // A secret that was stopped ended the step before anything was sent; with the user's word it is sent after all.
    if (await allowed(problem)) await this.start(draft, title, unkept);
  }

  /** Reads the server's events while a step runs, so that what it notes meanwhile is in the timeline at once. */
  #watch(draft: Draft): () => void {
    const profile = session.profile;
    if (profile === null || profile.id !== draft.profile || profile.provider.events === "") return () => undefined;
    const started = Date.now();
    this.noted = [];
    let left = WATCH_MOST;
    let wait: ReturnType<typeof setTimeout> | undefined;
    const again = (): void => {
      left -= 1;
      wait = left < 0 ? undefined : setTimeout(() => void turn(), WATCH_MS);
    };
    const turn = async (): Promise<void> => {
      try {
        const read = await call("read_events", { profile: profile.id });
        if (read.new > 0) {
          session.revision += 1;
          await this.#note(profile.id, started);
        }
        // Who may not read now will not while this step runs.
        if (read.problem === null && wait !== undefined) again();
      } catch {
        // Audit shows why events can not be read; the step goes on without them.
      }
    };
    again();
    return () => {
      clearTimeout(wait);
      wait = undefined;
    };
  }

  /** The errors the server noted since a step began. */
  async #note(profile: string, started: number): Promise<void> {
    const page = await call("audit", {
      query: {
        search: "",
        chips: ["server_events"],
        profile,
        lineage: null,
        from_ms: started - 2000,
        to_ms: null,
        offset: 0,
        limit: 20,
      },
    });
    this.noted = page.rows.filter((row) => row.is_event && row.outcome !== "success").slice(0, 3);
  }

  #end(key: string, ended: Ended): void {
    this.ended = { ...this.ended, [key]: ended };
  }

  /** Reads what the server recorded of the step, where its events can be read, and shows it beside the answer. */
  async #events(key: string, step: Step): Promise<void> {
    const profile = session.profile;
    if (!profile || profile.id !== step.profile || profile.provider.events === "") return;
    try {
      const read = await call("read_events", { profile: profile.id });
      if (read.problem !== null) return;
      const joined = await call("read_step", { step: step.id });
      const ended = this.ended[key];
      if (joined.events.length > 0 && ended?.step?.id === step.id) this.#end(key, { ...ended, step: joined, fault: null });
    } catch {
      // Audit shows why events cannot be read; the step itself is complete without them.
    }
  }

  /** A fault may have made a step all the same; its words are worth more than ours. */
  async #stepOf(fault: Fault): Promise<Step | null> {
    if (fault.step === null) return null;
    try {
      const step = await call("read_step", { step: fault.step });
      session.lastStep = step;
      session.steps = Math.max(session.steps, step.id);
      return step;
    } catch {
      return null; // the fault itself is shown; the journal's trouble shows up where the journal is read
    }
  }

  async cancel(): Promise<void> {
    const run = this.current;
    if (!run || run.cancelling) return;
    this.current = { ...run, cancelling: true };
    try {
      await call("cancel_run", { run: run.id });
    } catch (error) {
      if (this.current?.id === run.id) this.current = { ...this.current, cancelling: false };
      toasts.fault(faultOf(error));
    }
  }

  async openAgain(): Promise<void> {
    if (!this.current) return;
    try {
      await call("open_again", { run: this.current.id });
    } catch (error) {
      toasts.fault(faultOf(error));
    }
  }
}

export const runs = new Runs();
