// The mapping check: one user at the identity provider and at WSO2. Rust says what follows from what; this holds which token is asked
// about and the claim WSO2 is told to read.
import { call, faultOf } from "../host/host";
import type { Fault, Mapping } from "../wire/types";

class MappingCheck {
  open = $state(false);
  found = $state.raw<Mapping | null>(null);
  fault = $state.raw<Fault | null>(null);
  /** The role claim at WSO2; empty = the likeliest. */
  claim = $state("");

  #token = "";
  #other: string | null = null;

  /** Opens the check of a token of either side; without the other side, the one that belongs to it is taken. */
  begin(token: string, other: string | null = null): void {
    if (token !== this.#token || other !== this.#other) this.claim = "";
    this.#token = token;
    this.#other = other;
    this.found = null;
    this.fault = null;
    this.open = true;
    void this.read();
  }

  async read(): Promise<void> {
    const [token, other, claim] = [this.#token, this.#other, this.claim];
    try {
      const found = await call("mapping", { token, other, claim: claim === "" ? null : claim });
      if (token !== this.#token || other !== this.#other || claim !== this.claim) return;
      this.found = found;
      this.fault = null;
    } catch (error) {
      if (token === this.#token) this.fault = faultOf(error);
    }
  }
}

export const mapping = new MappingCheck();
