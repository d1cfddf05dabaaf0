// What the fake says of a repeated call: it passes until the gateway's memory ends.
import type { RepeatedCall, Repetition } from "../../wire/types";
import { START } from "./tokens";

export const repeatedCall = (step: number, at: number, every: number, last: boolean): RepeatedCall => ({
  step,
  at_ms: START + at * every,
  after_ms: at * every,
  admission: last ? "refused" : "accepted",
  words: last ? "401 900901" : "200",
});

export function repetitionOf(calls: RepeatedCall[], revoked: boolean, end: Repetition["end"]): Repetition {
  const [passed, refused] = [
    calls.filter((call) => call.admission === "accepted"),
    calls.filter((call) => call.admission === "refused"),
  ];
  const answers = [passed, refused].flatMap((some) =>
    some[0]
      ? [
          {
            admission: some[0].admission,
            words: some[0].words,
            calls: some.length,
            from_ms: some[0].after_ms,
            to_ms: some.at(-1)?.after_ms ?? 0,
            step: some[0].step,
          },
        ]
      : [],
  );
  const since = revoked ? " after the revocation" : "";
  const seconds = (passed.at(-1)?.after_ms ?? 0) / 1000;
  return {
    calls,
    answers,
    revoked_ms: revoked ? START : null,
    end,
    headline:
      end === "changed"
        ? `It passed for ${String(seconds)} s${since}, then 401 900901.`
        : end === "going"
          ? `It is accepted so far: ${String(seconds)} s${since}, ${String(calls.length)} calls.`
          : `Stopped: it was accepted until ${String(seconds)} s${since}, in ${String(calls.length)} calls.`,
    detail:
      end === "changed"
        ? "So long somebody went by what was known of the token before: a gateway keeps what introspection said of an opaque token for up to 15 min, WSO2's own APIs a token they have seen for 5 min."
        : "",
  };
}
