// Which words stand at which field: a fault names its field, the form asks with every name the field may have.
import type { Fault } from "../../wire/types";

export type FaultAt = (...fields: string[]) => string | null;

export function faultAt(fault: Fault | null): FaultAt {
  return (...fields) =>
    fault?.field !== null && fault?.field !== undefined && fields.includes(normal(fault.field))
      ? `${fault.message} ${fault.advice}`.trim()
      : null;
}

/** `clients[0].client_id` and `profile.clients.0.client_id` name the same field. */
export const normal = (field: string): string => field.replace(/\[(\d+)\]/g, ".$1").replace(/^profile\./, "");
