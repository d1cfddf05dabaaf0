// The one table from who is to blame to where the window says it.
import { faultOf } from "../host/host";
import type { Fault, FaultKind } from "../wire/types";

/** `field`: at the input; `banner`: in the pane, until the next try; `toast`: passes; `nowhere`: the user did it. */
export type Place = "field" | "banner" | "toast" | "nowhere";

const PLACES: Record<FaultKind, Place> = {
  input: "field",
  server: "banner",
  network: "banner",
  refused: "banner",
  cancelled: "nowhere",
  storage: "banner",
  bug: "banner",
};

export function placeOf(fault: Fault): Place {
  const place = PLACES[fault.kind];
  return place === "field" && fault.field === null ? "banner" : place;
}

/** Any thrown thing as a fault, for views, which do not know the host. */
export const faultFrom = faultOf;
