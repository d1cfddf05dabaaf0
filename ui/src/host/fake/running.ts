// How the fake runs an operation: stage by stage, then with the step that goes with the client that was chosen.
import type { Draft, Progress, Stage, Step } from "../../wire/types";
import { fault } from "./fault";
import { exchanged, failed, lacking, loggedIn, refused, undecided } from "./steps";

/** What a run needs of the host. */
export interface Stages {
  trouble: boolean;
  /** Milliseconds a stage takes. */
  pace: number;
  tell(progress: Progress): void;
  pause(ms: number): Promise<unknown>;
  stopped(run: string): boolean;
  /** Number of the next step. */
  next(): number;
}

export async function run(id: string, draft: Draft, on: Stages): Promise<Step> {
  const login = draft.operation === "log_in";
  const labels = login
    ? [
        "Read the server metadata",
        "Listen on 127.0.0.1:49213",
        "Open the system browser",
        "Receive the code",
        "Redeem the code at the token endpoint",
        "Verify the tokens with the issuer's keys",
      ]
    : ["Send the request", "Read the answer"];
  const notes = ["from cache, 3 min old", "1 ms", "38 ms", "", "", ""];
  const started = Date.now();
  for (let at = 0; at < labels.length; at++) {
    const stages = labels.map((label, i): Stage => ({
      label,
      state: i < at ? "done" : i === at ? "running" : "waiting",
      note: i < at ? (notes[i] ?? "") : "",
    }));
    const waiting = login && at === 3;
    on.tell({
      run: id,
      headline: waiting ? "Waiting for the browser on 127.0.0.1:49213" : (labels[at] ?? ""),
      detail: waiting ? "Log in there as alice." : "",
      deadline_ms: login ? started + 300_000 : started + 30_000,
      started_ms: started,
      stages,
      browser: waiting,
      browser_failed: false,
      strays: waiting && on.trouble ? ["1 answer without the right state", "3 requests for another path"] : [],
      repetition: null,
    });
    await on.pause(waiting ? on.pace * 8 : on.pace / 4);
    if (on.stopped(id)) throw fault({ kind: "cancelled", id: "cancelled", message: "Cancelled.", advice: "" });
  }
  const number = on.next();
  const client = draft.values.find((pair) => pair.name === "client")?.value;
  if (login) return loggedIn(number, draft);
  if (draft.operation === "userinfo") return failed(number, draft);
  if (client === "billing") return refused(number, draft);
  if (client === "reporting") return undecided(number, draft);
  return draft.values.some((pair) => pair.name === "scope" && pair.value.includes("offline_access"))
    ? lacking(number, draft)
    : exchanged(number, draft);
}
