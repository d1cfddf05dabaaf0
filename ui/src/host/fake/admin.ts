// What the fake says of a provider's admin API, of imports and of a search for a realm.
import type { EventsRead, ImportPreview, Profile, RightsHelp, SettingAdvice, Step } from "../../wire/types";
import { labProfile } from "./profiles";
import { exchange, step } from "./steps";
import { ISSUED, START, token } from "./tokens";

export const EVENTS_READ: EventsRead = {
  new: 0,
  read: 12,
  covered: true,
  oldest_ms: START - 40_000,
  read_ms: START,
  reader: "audit-reader",
  problem: null,
  problem_id: null,
};

export const HELP: RightsHelp = {
  role: "view-events of realm-management",
  client: "audit-reader",
  steps: [
    {
      place: "Clients, audit-reader, Settings, Capability config",
      words: "Client authentication on, Service accounts roles on; Save.",
    },
    {
      place: "Clients, audit-reader, Service accounts roles",
      words: "Assign role, Client roles; find view-events of realm-management, tick it, Assign.",
    },
    {
      place: "Clients, audit-reader, Client scopes, audit-reader-dedicated, Scope",
      words: "Full scope allowed on; else the token does not carry view-events.",
    },
  ],
  kcadm:
    "kcadm.sh config credentials --server 'http://127.0.0.1:18080' --realm master --user admin\nkcadm.sh add-roles -r 'lab' --uusername 'service-account-audit-reader' --cclientid realm-management --rolename view-events",
  user_steps: [
    {
      place: "Users, the user, Role mapping",
      words: "Assign role, Client roles; find view-events of realm-management, tick it, Assign.",
    },
  ],
  user_kcadm: "kcadm.sh add-roles -r 'lab' --uusername USER --cclientid realm-management --rolename view-events",
};

export const ADVICE: SettingAdvice[] = [
  {
    id: "types-not-saved",
    message: "The realm does not save REFRESH_TOKEN, REFRESH_TOKEN_ERROR: steps of that kind stay without an event.",
    place: "Realm settings, Events, User events settings: Add saved types",
    kcadm: `kcadm.sh update events/config -r 'lab' -s 'enabledEventTypes=["LOGIN","LOGIN_ERROR","TOKEN_EXCHANGE","REFRESH_TOKEN","REFRESH_TOKEN_ERROR"]'`,
  },
];

/** The step of a search for a realm that did not find one. */
export const TRIED = 9001;

export function discovery(): Step {
  const asked = (seq: number, path: string, status: number) =>
    exchange(seq, "claimscope", "provider", "GET metadata", status, 4_000, {
      url: `http://127.0.0.1:18080${path}/.well-known/openid-configuration`,
    });
  return step(TRIED, {
    operation: "discover",
    title: "Discovery",
    outcome: "failed",
    exchanges: [asked(1, "", 404), asked(2, "/realms/master", 200)],
  });
}

/** Told apart by content, roughly as the backend does. */
export function imported(text: string, server: string): { preview: ImportPreview; profile: Profile } {
  const wrong = (id: string, message: string, advice: string, field = "text") => ({
    kind: "input" as const,
    id,
    message,
    advice,
    field,
    step: null,
  });
  let value: Record<string, unknown>;
  try {
    value = JSON.parse(text) as Record<string, unknown>;
  } catch {
    throw wrong("not-json", "This is not valid JSON from here on: line 1, column 2.", "Copy the whole file.");
  }
  if (server === "nowhere")
    throw wrong(
      "bad-server",
      '"nowhere" is not an address.',
      "It is the part of the issuer before /realms/, e.g. https://id.example.org.",
      "server",
    );
  const profile: Profile = { ...labProfile(), id: "imported", name: "The shop", simulated: false };
  if (Array.isArray(value.clients) && typeof value.realm === "string") {
    return {
      profile,
      preview: {
        kind: "realm",
        title: `Export of the realm ${value.realm}`,
        name: "The shop",
        warned: [],
        taken: [
          { what: "Client frontend", words: "public, logs users in" },
          { what: "Client portal", words: "confidential, may exchange tokens" },
          { what: "Redirect URI", words: "http://127.0.0.1/* of frontend: any port" },
          { what: "Resource orders-api", words: "wants one of its roles: viewer, editor" },
        ],
        left: [
          {
            what: "Issuer",
            words: "The export does not say where the server is. Give its address, or fill in the issuer afterwards.",
          },
          {
            what: "Secret of auditor",
            words:
              "Masked with stars in the text: the server does not give it to everybody. Copy it from Clients, auditor, Credentials.",
          },
          { what: "Users", words: "3 users with their credentials: not read" },
        ],
        secrets: ["portal"],
        asks_server: true,
        next: "Discover confirms the endpoints and reads what the server supports.",
      },
    };
  }
  if (!("claimscope_profile" in value))
    throw wrong(
      "not-recognised",
      "This is a JSON object, but nothing that is known here.",
      "Known are: a profile exported by Claimscope, Keycloak's keycloak.json, a realm or client export of Keycloak, and a metadata document.",
    );
  return {
    profile,
    preview: {
      kind: "profile",
      title: "Profile exported by Claimscope",
      name: "The shop",
      warned: [],
      taken: [{ what: "Clients", words: "frontend, portal" }],
      left: [{ what: "Secrets", words: "Never in an export. Add them at the clients." }],
      secrets: [],
      asks_server: false,
      next: "Add the secrets of its clients.",
    },
  };
}

export const PREDICTED = token("t-predicted", {
  label: "predicted",
  note: "never issued",
  group: "Predicted",
  shelf: { kind: "predicted" },
  obtained: "predicted",
  evidence_only: true,
  client: "portal",
  audience: ["orders-api"],
  scope: ["profile", "orders:write"],
  origin: "prediction for portal, asked as audit-reader",
  jti: "onrtna:7d532d18",
  verification: {
    state: "unverifiable",
    reason: "Predicted by the server and never issued: it has no signature, and it can not be sent.",
  },
  alg: null,
  kid: null,
  size: 640,
  issued_at: ISSUED.issued_at,
  expires_at: ISSUED.expires_at,
});

const asked = exchange(2, "claimscope", "provider", "GET generate-example-access-token", 200, 21_000, {
  url: "http://127.0.0.1:18080/admin/realms/lab/clients/b6cfa40e/evaluate-scopes/generate-example-access-token?scope=profile&userId=7c57d1f0",
});

export const predictedStep = (id: number): Step =>
  step(id, {
    operation: "predict",
    title: "Prediction",
    headline: "What portal would get for orders-api",
    outcome: "success",
    client: "portal",
    audience: "orders-api",
    tokens_out: [PREDICTED.id],
    exchanges: [asked],
    main_exchange: 2,
    draft: null,
  });

export const notPredicted = (id: number, forbidden: boolean): Step =>
  step(id, {
    operation: "predict",
    title: "Prediction",
    headline: "The server did not say what portal would get",
    outcome: "failed",
    exchanges: [],
    tokens_out: [],
    draft: null,
    problem_id: forbidden ? "forbidden" : "no-such-client",
    problem: forbidden
      ? "the token of alice may not read this (403). It needs the role view-clients of realm-management, and full scope so that its token carries it."
      : "The realm has no client named nobody, or audit-reader may not see it.",
    advice: forbidden ? "How to grant view-clients of realm-management: Profiles, Audit events." : "Check the client id.",
  });
