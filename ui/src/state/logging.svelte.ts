// The server log that is open: how far it is read, which rows are wanted, the record in the drawer. Rust reads, indexes and
// filters; here are only the choices, and the pages that are on the screen.
import { call, faultOf, onFiles } from "../host/host";
import type { Fault, LogLine, LogPage, LogQuery, LogRow, LogSource, LogState, PathChoice } from "../wire/types";
import { Paging } from "./paging.svelte";
import { session } from "./session.svelte";

/** How often a reading is asked how far it is, and a log that is followed what has come. */
const LOOK_MS = 200;
const FOLLOW_MS = 500;

class Logging extends Paging<LogRow, LogPage> {
  /** Whether Audit shows the log instead of the steps. */
  shown = $state(false);
  /** Path being typed. */
  path = $state("");
  /** Lines being pasted. */
  text = $state("");
  choices = $state.raw<PathChoice[]>([]);
  /** Files are held over the window. */
  over = $state(false);
  opening = $state(false);
  /** Why nothing was opened; what was typed stays. */
  refused = $state.raw<Fault | null>(null);

  state = $state.raw<LogState | null>(null);

  eventType = $state<string | null>(null);
  client = $state<string | null>(null);
  user = $state<string | null>(null);
  error = $state<string | null>(null);
  /** Only the records of this step. */
  step = $state<number | null>(null);

  /** Row the cursor is on. */
  at = $state<number | null>(null);
  /** Row in the drawer. */
  open = $state<number | null>(null);
  line = $state.raw<LogLine | null>(null);
  lineFault = $state.raw<Fault | null>(null);

  #lineAsked = 0;
  #completing = 0;
  #looking = false;

  get filtered(): boolean {
    return (
      this.search.trim() !== "" ||
      this.chips.length > 0 ||
      this.range !== null ||
      [this.eventType, this.client, this.user, this.error, this.step].some((one) => one !== null)
    );
  }

  query(offset: number, limit: number): LogQuery {
    return {
      search: this.search,
      chips: this.chips,
      event_type: this.eventType,
      client: this.client,
      user: this.user,
      error: this.error,
      step: this.step,
      from_ms: this.range?.from ?? null,
      to_ms: this.range?.to ?? null,
      offset,
      limit,
    };
  }

  protected ask(offset: number, limit: number): Promise<LogPage> {
    return call("log_page", { query: this.query(offset, limit) });
  }

  find(row: number): number | null {
    return this.position((one) => one.row === row);
  }

  /** Hears of files that are dropped on the window. Returns the stop. */
  hear(): () => void {
    let stop: (() => void) | undefined;
    let gone = false;
    void onFiles(({ over, paths }) => {
      this.over = over;
      if (paths.length > 0) {
        this.shown = true;
        void this.openFiles(paths);
      }
    }).then((unlisten) => {
      if (gone) unlisten();
      else stop = unlisten;
    });
    return () => {
      gone = true;
      stop?.();
    };
  }

  /** Files or lines are opened in place of the log that was open. */
  async openLog(source: LogSource): Promise<boolean> {
    this.opening = true;
    this.refused = null;
    try {
      const state = await call("open_log", { source, profile: session.profile?.id ?? "" });
      this.forget();
      this.state = state;
      this.text = "";
      void this.look();
      return true;
    } catch (error) {
      this.refused = faultOf(error);
      return false;
    } finally {
      this.opening = false;
    }
  }

  openFiles(paths: string[]): Promise<boolean> {
    return this.openLog({ what: "files", paths });
  }

  /** Whether the open log can be followed: it is of files, and read. */
  get followable(): boolean {
    return (
      this.state !== null &&
      this.state.metrics === null &&
      ["ready", "stopped"].includes(this.state.phase) &&
      this.state.files.some((file) => file.path !== "")
    );
  }

  /** Reads what the server appends as it comes, or ends that; what was read stays. */
  async follow(on: boolean): Promise<void> {
    await this.#change(() => call("follow_log", { on, profile: session.profile?.id ?? "" }));
    if (on) void this.look();
  }

  /** Follows a reading to its end; rows come as they are read. */
  async look(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    let seen = -1;
    try {
      for (;;) {
        this.state = await call("log_state", {});
        if (this.state.phase === "empty" || this.state.metrics !== null) return;
        // An answer while it is read costs more than a glance: the next waits until this one is there.
        if (this.state.version !== seen) {
          seen = this.state.version;
          await this.reload();
        }
        const reading = this.state.phase === "reading";
        if (!reading && !this.state.following) return;
        await new Promise((done) => setTimeout(done, reading ? LOOK_MS : FOLLOW_MS));
      }
    } catch (error) {
      this.fault = faultOf(error);
    } finally {
      this.#looking = false;
    }
  }

  override async reload(): Promise<void> {
    if (this.state !== null && this.state.phase !== "empty" && this.state.metrics === null) await super.reload();
  }

  async show(row: number): Promise<void> {
    const asked = ++this.#lineAsked;
    this.at = row;
    this.open = row;
    this.lineFault = null;
    try {
      const line = await call("log_line", { row });
      if (asked === this.#lineAsked) this.line = line;
    } catch (error) {
      if (asked === this.#lineAsked) [this.line, this.lineFault] = [null, faultOf(error)];
    }
  }

  close(): void {
    this.#lineAsked += 1;
    this.open = null;
    this.line = null;
    this.lineFault = null;
  }

  clearFilters(): void {
    this.search = "";
    this.chips = [];
    this.eventType = this.client = this.user = this.error = null;
    this.step = null;
    this.range = null;
  }

  async stop(): Promise<void> {
    await this.#change(() => call("stop_log", {}));
  }

  /** Closes the log; the place to open another one is there again. */
  async closeLog(): Promise<void> {
    await this.#change(() => call("close_log", {}));
    this.forget();
  }

  /** Reads times without a zone in another one, and joins anew. */
  async join(zone: number | null): Promise<void> {
    if (this.state === null || this.state.phase === "empty" || this.state.phase === "reading" || this.state.metrics !== null)
      return;
    await this.#change(() => call("join_log", { profile: session.profile?.id ?? "", zone }));
    await this.reload();
    if (this.open !== null) await this.show(this.open);
  }

  /** Offers what a typed path could become. */
  async complete(): Promise<void> {
    const asked = ++this.#completing;
    try {
      const choices = await call("complete_path", { text: this.path });
      if (asked === this.#completing) this.choices = choices;
    } catch {
      // Without choices the path can still be typed to its end.
      this.choices = [];
    }
  }

  async #change(ask: () => Promise<LogState>): Promise<void> {
    try {
      this.state = await ask();
    } catch (error) {
      this.fault = faultOf(error);
    }
  }

  forget(): void {
    this.drop();
    this.clearFilters();
    this.close();
    this.at = null;
    this.refused = null;
  }
}

export const logging = new Logging();
