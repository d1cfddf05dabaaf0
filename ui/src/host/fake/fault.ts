// A fault as the backend gives it, with what a test does not care about filled in.
import type { Fault } from "../../wire/types";

export function fault(some: Partial<Fault>): Fault {
  return {
    kind: "input",
    id: "not-a-url",
    message: "This is not a URL.",
    advice: "Type an address that starts with https://.",
    field: null,
    step: null,
    ...some,
  };
}
