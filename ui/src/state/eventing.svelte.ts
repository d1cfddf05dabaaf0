// Server events in depth: what the realm saves, who reads, and a search beyond the regular reading.
import { call, faultOf } from "../host/host";
import type { EventFilter, EventSettingsRead, EventsRead, Fault } from "../wire/types";
import { allowed } from "./gate.svelte";
import { LASTING, stop } from "./longer";
import { session } from "./session.svelte";

const EVERYTHING: EventFilter = { types: [], client: "", user: "", from_ms: null, to_ms: null, admin: false };

class Eventing {
  open = $state(false);
  read = $state.raw<EventSettingsRead | null>(null);
  filter = $state.raw<EventFilter>(EVERYTHING);
  result = $state.raw<EventsRead | null>(null);
  fault = $state.raw<Fault | null>(null);
  busy = $state<"settings" | "search" | null>(null);
  /** Token on the shelf that reads; none = the service account. */
  reader = $state<string | null>(null);

  #asked = 0;

  async show(): Promise<void> {
    this.open = true;
    this.result = null;
    this.fault = null;
    await this.settings();
  }

  /** What the realm of the chosen profile saves. */
  async settings(): Promise<void> {
    const profile = session.profile?.id;
    if (profile === undefined) return;
    const asked = ++this.#asked;
    this.busy = "settings";
    try {
      const read = await call("event_settings", { profile });
      if (asked !== this.#asked) return;
      this.read = read;
      this.reader = read.chosen;
    } catch (error) {
      if (asked === this.#asked) this.fault = faultOf(error);
    } finally {
      if (asked === this.#asked) this.busy = null;
    }
    if (asked === this.#asked && this.fault !== null && (await allowed(this.fault.id))) {
      this.fault = null;
      await this.settings();
    }
  }

  /** Makes a token the reader, or the service account again. */
  async choose(token: string | null): Promise<void> {
    const profile = session.profile?.id;
    if (profile === undefined) return;
    this.reader = token;
    try {
      await call("choose_reader", { profile, token });
    } catch (error) {
      this.fault = faultOf(error);
      return;
    }
    await this.settings();
  }

  change(some: Partial<EventFilter>): void {
    this.filter = { ...this.filter, ...some };
    this.fault = null;
  }

  async search(): Promise<void> {
    const profile = session.profile?.id;
    if (profile === undefined || this.busy === "search") return;
    this.busy = "search";
    this.fault = null;
    this.result = null;
    try {
      this.result = await call("search_events", { profile, filter: this.filter });
      if (await allowed(this.result.problem_id)) this.result = await call("search_events", { profile, filter: this.filter });
      if (this.result.new > 0) session.revision += 1;
    } catch (error) {
      this.fault = faultOf(error);
    } finally {
      this.busy = null;
    }
  }

  /** Stops the reading; what was read before is kept. */
  async stop(): Promise<void> {
    if (session.profile !== null) await stop(LASTING.events(session.profile.id));
  }

  close(): void {
    this.open = false;
  }
}

export const eventing = new Eventing();
