// Security blocks of services, read into and written from the resource that is being edited. Nothing is saved by it.
import { call, faultOf } from "../host/host";
import type { Fault, Required } from "../wire/types";
import { editing } from "./editing.svelte";

class Blocks {
  way = $state<"in" | "out" | null>(null);
  /** Position of the resource in the edited profile. */
  index = $state(0);
  text = $state("");
  read = $state.raw<Required | null>(null);
  fault = $state.raw<Fault | null>(null);
  busy = $state(false);

  get resource(): string {
    return editing.draft?.profile.resources[this.index]?.name ?? "";
  }

  async open(index: number, way: "in" | "out"): Promise<void> {
    this.index = index;
    this.forget();
    this.text = "";
    this.way = way;
    const profile = editing.draft?.profile;
    if (way === "in" || profile === undefined) return;
    try {
      this.text = await call("write_expectations", { profile: $state.snapshot(profile), resource: this.resource });
    } catch (error) {
      this.fault = faultOf(error);
    }
  }

  /** What was read no longer holds. */
  forget(): void {
    this.read = null;
    this.fault = null;
  }

  close(): void {
    this.way = null;
    this.forget();
  }

  async parse(text: string): Promise<void> {
    const profile = editing.draft?.profile;
    if (profile === undefined || this.busy) return;
    this.busy = true;
    this.forget();
    try {
      this.read = await call("read_expectations", { text, profile: $state.snapshot(profile), resource: this.resource });
    } catch (error) {
      this.fault = faultOf(error);
    } finally {
      this.busy = false;
    }
  }

  /** Puts what was read into the draft. */
  take(): void {
    const resource = editing.draft?.profile.resources[this.index];
    if (resource === undefined || this.read === null) return;
    resource.expectations = this.read.expectations;
    this.close();
  }
}

export const blocks = new Blocks();
