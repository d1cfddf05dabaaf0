// More of what is too long to be sent at once, and an end to what lasts too long.
import { call, faultOf } from "../host/host";
import type { Part, TokenText } from "../wire/types";
import { toasts } from "./toasts.svelte";

/** The part of a response that begins at a line; rejects with a fault. */
export async function exchangePart(step: number, seq: number, from: number): Promise<Part> {
  try {
    return await call("exchange_part", { step, seq, from });
  } catch (error) {
    throw faultOf(error);
  }
}

/** The part of a long text of a token's reading; rejects with a fault. */
export async function tokenPart(token: string, what: TokenText, from: number): Promise<Part> {
  try {
    return await call("token_part", { token, what, from });
  } catch (error) {
    throw faultOf(error);
  }
}

/** Names of what can be stopped and is no step; the backend knows them by these. */
export const LASTING = {
  discovery: "discovery",
  certificate: "certificate",
  verification: "verification",
  keychain: "keychain",
  events: (profile: string) => `events/${profile}`,
  prediction: (profile: string) => `prediction/${profile}`,
};

/** Stops something that lasts. */
export async function stop(run: string): Promise<void> {
  try {
    await call("cancel_run", { run });
  } catch (error) {
    toasts.fault(faultOf(error));
  }
}
