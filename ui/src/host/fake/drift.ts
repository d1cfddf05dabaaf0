// What the fake says of a token the gateway keeps: a role was taken from alice since it was exchanged, or she was disabled.
import type { Drift, LabPerson, Step, TokenView } from "../../wire/types";
import { refused } from "./steps";
import { ISSUED, at, token } from "./tokens";

export const PEOPLE: LabPerson[] = [
  {
    username: "alice",
    enabled: true,
    roles: [
      { client: "orders-api", role: "viewer", held: true },
      { client: "orders-api", role: "editor", held: true },
      { client: "billing-api", role: "reader", held: true },
    ],
  },
  { username: "bob", enabled: true, roles: [{ client: "billing-api", role: "reader", held: true }] },
  { username: "carol", enabled: false, roles: [{ client: "orders-api", role: "viewer", held: true }] },
];

export const CACHES = {
  real: "what introspection said of an opaque token 15 min, a refused token 15 min, a token the portal has seen 5 min",
  short: "what introspection said of an opaque token 15 s, a refused token 15 s, a token the portal has seen 5 s",
};

export const KEPT: TokenView = token("t-kept", {
  label: "kept",
  note: "gateway",
  group: "Kept by the gateway",
  shelf: { kind: "kept_by_gateway" },
  obtained: "kept_by_gateway",
  parent: "t-access",
  step: null,
  origin: "kept by the gateway since its exchange as gateway",
  client: "gateway",
  audience: ["orders-api"],
  scope: ["profile", "orders:write"],
  evidence_only: true,
  verification: {
    state: "unverifiable",
    reason: "The gateway keeps this token and tells its content, without the signature: it can be compared, not sent.",
  },
  issued_at: at(-62),
  expires_at: at(238),
});

export function driftOf(step: Step, alice: LabPerson | undefined): { drift: Drift; step: Step } {
  const plain = { kept: KEPT, step: step.id, exchange: 1, verdicts: step.verdicts, said: null, diagnosis: null };
  if (alice?.enabled === false) {
    const no = refused(step.id);
    return {
      step: no,
      drift: {
        ...plain,
        fresh: null,
        kind: "refused",
        headline: "A fresh exchange is refused, and the kept token passes for another 3 min 58 s.",
        verdicts: [],
        lines: [],
        said: "Invalid token",
        diagnosis: no.diagnosis,
        findings: [
          {
            id: "drift-refused",
            severity: "warning",
            title: "Nobody would get this token any more",
            detail:
              "Whoever keeps the token asks nobody while it lasts, so calls with it go on as before. It is 1 min 2 s old and ends in 3 min 58 s; only then is a new one asked for.",
            rfc: null,
            path: null,
          },
        ],
      },
    };
  }
  if (alice?.roles.every((role) => role.held))
    return {
      step,
      drift: {
        ...plain,
        fresh: ISSUED,
        kind: "same",
        headline: "A fresh exchange gives the same: nothing has drifted in 1 min 2 s.",
        findings: [],
        lines: [],
      },
    };
  return {
    step,
    drift: {
      ...plain,
      fresh: ISSUED,
      kind: "changed",
      headline: "The kept token is out of date: roles narrowed 2 → 1.",
      findings: [
        {
          id: "drift-roles",
          severity: "warning",
          title: "The API decides by roles that are not the user's any more",
          detail:
            "Only the kept token has editor of orders-api: the API goes on granting what was taken away. It is 1 min 2 s old and ends in 3 min 58 s; only then is a new one asked for.",
          rfc: null,
          path: "resource_access.orders-api.roles",
        },
      ],
      lines: [
        { path: "resource_access.orders-api.roles", kept: ["viewer", "editor"], fresh: ["viewer"], words: "narrowed 2 → 1" },
        { path: "scope", kept: ["profile", "orders:write"], fresh: ["profile"], words: "narrowed 2 → 1" },
      ],
    },
  };
}
