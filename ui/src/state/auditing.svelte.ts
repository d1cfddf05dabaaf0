// The timeline: which rows are wanted, the pages that have been read, the step in the drawer, and the reading of
// server events while somebody looks. Rows come in pages, so a long journal costs only what is seen.
import { call, faultOf } from "../host/host";
import type { AuditPage, AuditQuery, AuditRow, Event, EventsRead, Fault, Step } from "../wire/types";
import { copying } from "./copying.svelte";
import { allowed } from "./gate.svelte";
import { Paging } from "./paging.svelte";
import { session } from "./session.svelte";
import { toasts } from "./toasts.svelte";

/** Most rows an export takes; more is a file, not a clipboard. */
export const MOST_EXPORTED = 5000;

class Auditing extends Paging<AuditRow, AuditPage> {
  /** Only the chosen profile. */
  profileOnly = $state(false);
  /** Token whose lineage alone is shown. */
  lineage = $state<string | null>(null);

  /** Key of the row the cursor is on. */
  at = $state<string | null>(null);
  /** Key of the row in the drawer. */
  open = $state<string | null>(null);
  openRow = $state.raw<AuditRow | null>(null);
  step = $state.raw<Step | null>(null);
  stepFault = $state.raw<Fault | null>(null);
  /** The open event, when it belongs to no step. */
  loose = $state.raw<Event | null>(null);

  events = $state.raw<EventsRead | null>(null);
  eventsFault = $state.raw<Fault | null>(null);

  #stepAsked = 0;

  protected ask(offset: number, limit: number): Promise<AuditPage> {
    return call("audit", { query: this.query(offset, limit) });
  }

  query(offset: number, limit: number): AuditQuery {
    return {
      search: this.search.trim(),
      chips: this.chips,
      profile: this.profileOnly ? (session.profile?.id ?? null) : null,
      lineage: this.lineage,
      from_ms: this.range?.from ?? null,
      to_ms: this.range?.to ?? null,
      offset,
      limit,
    };
  }

  find(key: string): number | null {
    return this.position((row) => row.key === key);
  }

  clearFilters(): void {
    this.search = "";
    this.chips = [];
    this.profileOnly = false;
    this.lineage = null;
    this.range = null;
  }

  get filtered(): boolean {
    return this.search.trim() !== "" || this.chips.length > 0 || this.profileOnly || this.lineage !== null || this.range !== null;
  }

  /** Opens a row in the drawer. */
  async show(row: AuditRow): Promise<void> {
    this.at = row.key;
    this.open = row.key;
    this.openRow = row;
    this.loose = null;
    if (row.is_event && row.step === null) void this.#readEvent(row.key);
    await this.#readStep(row.step);
  }

  /** Reads an event in full; without it the row's own words are shown. */
  async #readEvent(key: string): Promise<void> {
    try {
      const event = await call("read_event", { id: key.replace(/^event:/, "") });
      if (this.open === key) this.loose = event;
    } catch (error) {
      if (this.open === key) toasts.fault(faultOf(error));
    }
  }

  /** Opens a step by its number, whether or not its row has been read. */
  async showStep(step: number): Promise<void> {
    const key = `step:${String(step)}`;
    this.at = key;
    this.open = key;
    const index = this.find(key);
    this.openRow = index === null ? null : (this.row(index) ?? null);
    await this.#readStep(step);
  }

  async #readStep(step: number | null): Promise<void> {
    const asked = ++this.#stepAsked;
    this.stepFault = null;
    if (step === null || this.step?.id !== step) this.step = null;
    if (step === null) return;
    try {
      const read = await call("read_step", { step });
      if (asked === this.#stepAsked) this.step = read;
    } catch (error) {
      if (asked === this.#stepAsked) this.stepFault = faultOf(error);
    }
  }

  close(): void {
    this.open = null;
    this.openRow = null;
    this.loose = null;
    this.step = null;
    this.stepFault = null;
    this.#stepAsked += 1;
  }

  /** Reads the servers' events once; new ones bring the timeline up to date. */
  async readEvents(): Promise<void> {
    const profile = session.profile?.id;
    if (profile === undefined) return;
    try {
      this.events = await call("read_events", { profile });
      this.eventsFault = null;
      if (this.events.new > 0) {
        await this.reload();
        if (this.step !== null) await this.#readStep(this.step.id);
      }
    } catch (error) {
      this.eventsFault = faultOf(error);
    }
  }

  /** Asks the user about the secret that reading was about to send elsewhere, and reads with their word. */
  async decide(): Promise<void> {
    if (await allowed(this.events?.problem_id)) await this.readEvents();
  }

  /** Reads events now and then again and again, a pause after each answer. Returns the stop. */
  poll(everyMs: number): () => void {
    let stopped = false;
    let wait: ReturnType<typeof setTimeout> | undefined;
    const turn = async (): Promise<void> => {
      if (!document.hidden) await this.readEvents();
      if (!stopped) wait = setTimeout(() => void turn(), everyMs);
    };
    void turn();
    return () => {
      stopped = true;
      clearTimeout(wait);
    };
  }

  /** Copies the rows that match, as the given text. */
  async exportRows(write: (rows: AuditRow[]) => string): Promise<void> {
    const matching = this.page?.matching ?? 0;
    const rows: AuditRow[] = [];
    try {
      while (rows.length < Math.min(matching, MOST_EXPORTED)) {
        const page = await this.ask(rows.length, Math.min(1000, MOST_EXPORTED - rows.length));
        if (page.rows.length === 0) break;
        rows.push(...page.rows);
      }
    } catch (error) {
      toasts.fault(faultOf(error));
      return;
    }
    await copying.text(write(rows));
    if (matching > rows.length)
      toasts.say(`The newest ${String(rows.length)} of ${String(matching)} rows were copied. Narrow the filter for older ones.`, {
        tone: "info",
        icon: "info",
      });
  }
}

export const auditing = new Auditing();
