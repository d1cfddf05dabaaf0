// What the fake says of a token at every door: accepted as far as the gateway, refused by the API behind it.
import type { AtDoor, TokenView, Trace } from "../../wire/types";
import { GATEWAY, ISSUER, START } from "./tokens";

const stage = (door: AtDoor["door"], title: string, target: string, made: Partial<AtDoor> = {}): AtDoor => ({
  door,
  title,
  target,
  admission: "not_asked",
  words: "not asked yet",
  said: null,
  blame: null,
  cause: null,
  fix: null,
  actions: [],
  step: null,
  at_ms: null,
  ...made,
});

export function doors(token: TokenView, gateway: string | null, api: string | null, walked: boolean): Trace {
  const done = (made: Partial<AtDoor>): Partial<AtDoor> => (walked ? made : {});
  const stages = [
    stage("signature", "Signature and time", `keys of ${token.issuer ?? ISSUER}`, {
      admission: "accepted",
      words: "verified with RS256 MzQ5Nz_RS256",
    }),
    stage(
      "introspection",
      "Introspection",
      walked ? `${GATEWAY}/oauth2/introspect` : "",
      done({ admission: "accepted", words: "active", step: 131, at_ms: START }),
    ),
    stage(
      "gateway",
      "Through the gateway",
      gateway ?? "orders",
      done({ admission: "accepted", words: "200", step: 132, at_ms: START + 40 }),
    ),
    stage(
      "api",
      "The API directly",
      api ?? "orders-api",
      done({
        admission: "refused",
        words: "401 invalid_token",
        said: "the issuer is not trusted",
        step: 133,
        at_ms: START + 90,
        blame: { claim: "iss", found: `${GATEWAY}/oauth2/token`, expected: ISSUER },
        cause: "The API takes tokens of another issuer.",
        fix: "Exchange the token at the issuer the API trusts, and call with that.",
        actions: [{ label: "Exchange for orders-api", operation: "token_exchange", values: [] }],
      }),
    ),
  ];
  const attempt = (
    step: number,
    at: number,
    what: string,
    admission: AtDoor["admission"],
    words: string,
    since: number | null,
  ) => ({
    step,
    at_ms: START + at,
    what,
    admission,
    words,
    through_gateway: what === "orders",
    cached: step === 132,
    revoked: what === "Revoked",
    since_revoked_ms: since,
    times: 1,
  });
  return {
    token,
    stages,
    refused_by: walked ? "api" : null,
    headline: walked
      ? "orders-api is the first to refuse it, over iss."
      : "It was not shown at 3 places yet. Run the trace to find who refuses it first.",
    gateways: ["orders", "catalog"],
    gateway: gateway ?? "orders",
    apis: ["orders-api"],
    api: api ?? "orders-api",
    attempts: walked
      ? [
          attempt(128, -9000, "orders", "accepted", "200", null),
          attempt(129, -6000, "Revoked", "accepted", "200", null),
          attempt(132, 40, "orders", "accepted", "200", 6040),
          attempt(133, 90, "orders-api", "refused", "401 invalid_token", 6090),
        ]
      : [],
    remarks: walked
      ? [
          {
            id: "exchange-cached",
            severity: "note",
            title: "orders was called with a kept token",
            detail:
              "The gateway used a token it had exchanged 9 s before. Roles that changed since, or a user who was disabled, are not in it until it ends. Comparing it with a fresh exchange shows what differs.",
            rfc: null,
            path: null,
          },
          {
            id: "stale-after-revoke",
            severity: "warning",
            title: "orders let it pass after it was revoked",
            detail:
              "Still accepted 6 s after the revocation. It was not refused since; call again to find out when it is. A gateway learns of a revoked JWT by a message, and keeps what introspection said of an opaque token for up to 15 min.",
            rfc: null,
            path: null,
          },
        ]
      : [],
  };
}
