// Journal of the fake: steps with their exchanges, one of each outcome.
import type { Actor, Draft, Event, Exchange, Checked, Span, Step, Verdict } from "../../wire/types";
import { DOTS } from "./forms";
import { ACCESS, ISSUED, ISSUER, START } from "./tokens";

const span = (text: string, ink: Span["ink"] = "plain"): Span => ({ text, ink });

const tokenRequest: Span[][] = [
  [span("POST", "strong"), span(" /realms/lab/protocol/openid-connect/token HTTP/1.1")],
  [span("Host:", "quiet"), span(" 127.0.0.1:18080")],
  [span("Authorization:", "quiet"), span(" Basic cG9ydGFs"), span(DOTS, "secret")],
  [span("")],
  [span("grant_type", "key"), span("=urn:ietf:params:oauth:grant-type:token-exchange")],
  [
    span("&"),
    span("subject_token", "key"),
    span("=eyJhbGciOiJS"),
    span(DOTS, "secret"),
    span("  alice, access, 1.3 kB", "quiet"),
  ],
  [span("&"), span("audience", "key"), span("=orders-api")],
];
const headers: Span[][] = [
  "Cache-Control: no-store",
  "Content-Type: application/json",
  "Date: Fri, 20 Nov 2026 13:02:18 GMT",
  "Pragma: no-cache",
].map((line) => {
  const [name = "", rest = ""] = line.split(": ");
  return [span(`${name}:`, "quiet"), span(` ${rest}`)];
});
const gotToken: Span[][] = [
  [span("{")],
  [span('  "access_token"', "key"), span(': "eyJhbGciOiJS'), span(DOTS, "secret"), span('",'), span("  1.1 kB", "quiet")],
  [span('  "expires_in"', "key"), span(": 300,")],
  [span('  "token_type"', "key"), span(': "Bearer",')],
  [span('  "scope"', "key"), span(': "profile orders:write",')],
  [span('  "issued_token_type"', "key"), span(': "urn:ietf:params:oauth:token-type:access_token"')],
  [span("}")],
];
const refusedBody: Span[][] = [[span('{"error":"access_denied","error_description":"Client is not within the token audience"}')]];
const invalidBody: Span[][] = [[span('{"error":"invalid_request","error_description":"Invalid token"}')]];

export function exchange(
  seq: number,
  from: Actor,
  to: Actor,
  label: string,
  status: number | null,
  us: number,
  some: Partial<Exchange> = {},
): Exchange {
  const refused = (status ?? 0) >= 400;
  return {
    seq,
    from,
    to,
    label,
    purpose: "other",
    through_browser: false,
    reported: false,
    cached: false,
    method: label.startsWith("GET") ? "GET" : "POST",
    url: `${ISSUER}/protocol/openid-connect/token`,
    request: tokenRequest,
    response: [
      [span("HTTP/1.1", "quiet"), span(` ${status} ${refused ? "Forbidden" : "OK"}`, "strong")],
      ...headers,
      [span("")],
      ...(refused ? refusedBody : gotToken),
    ],
    rest: null,
    response_headers: headers.length,
    status,
    failure: null,
    started_ms: START - 2_000,
    duration_us: us,
    response_bytes: 1420,
    token_id: null,
    ...some,
  };
}

export const EVENT: Event = {
  id: "7d0b",
  time_ms: START - 1_990,
  server: "Lab provider",
  event_type: "TOKEN_EXCHANGE",
  error: null,
  client: "portal",
  user_id: ACCESS.subject,
  username: "alice",
  session: ACCESS.session,
  token_id: ISSUED.jti,
  audience: "orders-api",
  details: [
    { name: "audience", value: "orders-api" },
    { name: "grant_type", value: "urn:ietf:params:oauth:grant-type:token-exchange" },
    { name: "subject_token_client_id", value: "frontend" },
    { name: "token_id", value: ISSUED.jti ?? "" },
    { name: "username", value: "alice" },
  ],
  step: 128,
  joined_by: "token_id",
};

export const VERDICTS: Verdict[] = [
  { id: "identity", label: "Identity", tone: "same", word: "preserved", rest: "", paths: ["sub", "preferred_username"] },
  { id: "requester", label: "Requester", tone: "changed", word: "changed", rest: "frontend → portal", paths: ["azp"] },
  { id: "audience", label: "Audience", tone: "narrowed", word: "narrowed", rest: "3 → 1", paths: ["aud"] },
  { id: "scope", label: "Scope", tone: "narrowed", word: "narrowed", rest: "5 → 2", paths: ["scope"] },
  {
    id: "roles",
    label: "Roles",
    tone: "narrowed",
    word: "narrowed",
    rest: "4 → 1",
    paths: ["resource_access.orders-api.roles", "realm_access.roles"],
  },
  { id: "lifetime", label: "Lifetime", tone: "outlives", word: "outlives", rest: "by 7 s", paths: ["exp"] },
];

const passed = (id: string, title: string, found: string) => ({
  id,
  label: id,
  title,
  outcome: "pass" as const,
  expected: found,
  found,
  path: id,
  missing: [],
  advice: null,
  rfc: "RFC 9068 4",
  moment: null,
});
export const REPORT: Checked = {
  resource: "orders-api",
  answer: 403,
  error: "insufficient_scope",
  challenge: 'Bearer error="insufficient_scope", error_description="Role viewer of orders-api"',
  headline: "orders-api would answer 403",
  first_failure: "roles",
  until_s: null,
  checks: [
    passed("issuer", "Issuer", ISSUER),
    passed("audience", "Audience", "orders-api"),
    passed("signature", "Signature", "RS256"),
    passed("expiry", "Expiry", "4 min 58 s left"),
    passed("scope", "Scope", "orders:write"),
    {
      id: "roles",
      label: "role viewer",
      title: "Role viewer of orders-api",
      outcome: "fail",
      expected: "viewer",
      found: "editor",
      path: "resource_access.orders-api.roles",
      missing: ["viewer"],
      advice: "Scope orders:read carries this role and was not requested in the exchange.",
      rfc: null,
      moment: null,
    },
  ],
  fixes: [
    {
      check: "roles",
      action: {
        label: "Exchange again with scope orders:read",
        operation: "token_exchange",
        values: [{ name: "scope", value: "orders:read" }],
      },
    },
  ],
};

export function step(id: number, some: Partial<Step>): Step {
  const plain = {
    id,
    started_ms: START - (130 - id) * 4_000,
    duration_us: 41_000,
    operation: "token_exchange" as const,
    title: "Token exchange",
    headline: "portal got a token for orders-api",
    profile: "lab",
    subject: "alice",
    client: "portal",
    audience: "orders-api",
    outcome: "success" as const,
    status: 200,
    problem: null,
    problem_id: null,
    advice: null,
    words: null,
    diagnosis: null,
    surprises: [],
    tokens_in: [],
    tokens_out: [],
    verdicts: [],
    report: null,
    main_exchange: 1,
    bundle: null,
    exchanges: [exchange(1, "claimscope", "provider", "POST /token, token-exchange", 200, 41_000)],
    events: [],
    draft: null,
  };
  return { ...plain, ...some };
}

export const exchanged = (id: number, draft: Draft | null = null): Step =>
  step(id, { tokens_in: ["t-access"], tokens_out: ["t-issued"], verdicts: VERDICTS, report: REPORT, events: [EVENT], draft });

export const loggedIn = (id: number, draft: Draft | null = null): Step =>
  step(id, {
    operation: "log_in",
    title: "Log in",
    headline: "alice is logged in",
    main_exchange: 4,
    client: "frontend",
    audience: null,
    duration_us: 6_178_000,
    tokens_out: ["t-access", "t-id", "t-refresh"],
    draft,
    exchanges: [
      exchange(1, "claimscope", "browser", "open the login page", null, 38_000, { through_browser: true }),
      exchange(2, "browser", "provider", "GET /auth, sign in as alice", 302, 6_100_000, { through_browser: true }),
      exchange(3, "browser", "claimscope", "GET /callback code", 200, 2_000, { through_browser: true }),
      exchange(4, "claimscope", "provider", "POST /token, authorization_code", 200, 38_000),
    ],
  });

export const refused = (id: number, draft: Draft | null = null): Step =>
  step(id, {
    headline: "billing got no token",
    client: "billing",
    outcome: "refused",
    status: 403,
    duration_us: 17_000,
    tokens_in: ["t-access"],
    draft,
    exchanges: [exchange(1, "claimscope", "provider", "POST /token, token-exchange", 403, 17_000)],
    words: {
      server: "Lab provider",
      status: 403,
      status_text: "Forbidden",
      body: refusedBody,
      error: "access_denied",
      description: "Client is not within the token audience",
      account_link: null,
    },
    diagnosis: {
      id: "kc-v2-requester-not-in-aud",
      certain: true,
      cause: "The subject token is not meant for billing. Keycloak exchanges a token only for a client that its aud names.",
      evidence: [
        { name: "aud", values: ["frontend", "portal", "orders-api"], missing: ["billing"] },
        { name: "azp", values: ["frontend"], missing: [] },
        { name: "event", values: ["TOKEN_EXCHANGE_ERROR not_allowed"], missing: [] },
      ],
      fix: "Add an audience mapper for billing to the client frontend, then log in again. Or let portal, which is in aud, ask.",
      actions: [{ label: "Exchange as portal", operation: "token_exchange", values: [{ name: "client", value: "portal" }] }],
      tell: null,
      others: [],
    },
    events: [
      {
        ...EVENT,
        id: "7d0c",
        event_type: "TOKEN_EXCHANGE_ERROR",
        error: "not_allowed",
        client: "billing",
        step: id,
        token_id: null,
        joined_by: "client_and_time",
      },
    ],
  });

/** A refusal whose cause nobody can tell for certain. */
export const undecided = (id: number, draft: Draft | null = null): Step =>
  step(id, {
    headline: "reporting got no token",
    client: "reporting",
    outcome: "refused",
    status: 400,
    duration_us: 19_000,
    tokens_in: ["t-access"],
    draft,
    exchanges: [exchange(1, "claimscope", "provider", "POST /token, token-exchange", 400, 19_000)],
    words: {
      server: "Lab provider",
      status: 400,
      status_text: "Bad Request",
      body: invalidBody,
      error: "invalid_request",
      description: "Invalid token",
      account_link: null,
    },
    diagnosis: {
      id: "kc-v2-subject-session-over",
      certain: false,
      cause: "The session of the subject token is over: logged out, idle too long, or ended by an administrator.",
      evidence: [
        { name: "exp", values: ["4 min 12 s left"], missing: [] },
        { name: "azp", values: ["frontend"], missing: [] },
        { name: "event", values: ["TOKEN_EXCHANGE_ERROR invalid_token subject_token validation failure"], missing: [] },
      ],
      fix: "Log in again and exchange the new token.",
      actions: [{ label: "Log in again", operation: "log_in", values: [] }],
      tell: "Introspection by a client that aud names says active: false, and the session is missing under Sessions of the user.",
      others: [
        {
          id: "kc-v2-subject-revoked",
          cause: "The subject token was revoked.",
          fix: "Log in again and exchange the new token.",
          tell: "A REVOKE_GRANT event names its jti.",
        },
        {
          id: "kc-v2-subject-user-disabled",
          cause: "The user alice is disabled.",
          fix: "Enable the user at the provider.",
          tell: "The user's page in the admin console shows it as disabled.",
        },
      ],
    },
    events: [
      {
        ...EVENT,
        id: "7d0d",
        event_type: "TOKEN_EXCHANGE_ERROR",
        error: "invalid_token",
        client: "reporting",
        step: id,
        token_id: null,
        joined_by: "client_and_time",
      },
    ],
  });

/** A success that lacks what was asked for. */
export const lacking = (id: number, draft: Draft | null = null): Step => ({
  ...exchanged(id, draft),
  surprises: [
    {
      id: "kc-200-refresh-offline",
      certain: true,
      cause:
        "offline_access was asked for, and no refresh token came: the standard exchange leaves the scope out without a word.",
      evidence: [{ name: "scope asked for", values: ["offline_access"], missing: [] }],
      fix: "Take offline_access out of the scope. A refresh token bound to the session comes with requested_token_type refresh_token, where the client may have it.",
      actions: [{ label: "Leave scope out", operation: "token_exchange", values: [{ name: "scope", value: "" }] }],
      tell: null,
      others: [],
    },
  ],
});

export const failed = (id: number, draft: Draft | null = null): Step =>
  step(id, {
    operation: draft?.operation ?? "userinfo",
    title: "Userinfo",
    headline: "The provider did not answer",
    outcome: "failed",
    status: null,
    client: "portal",
    audience: null,
    draft,
    duration_us: 3_000,
    problem: "Connection refused by 127.0.0.1:18080. Nothing listens there.",
    problem_id: "connection-refused",
    advice: "Start the lab again, or check the issuer in the profile.",
    exchanges: [
      exchange(1, "claimscope", "provider", "GET /userinfo", null, 3_000, {
        response: [],
        response_headers: 0,
        failure: "connection refused",
        response_bytes: 0,
      }),
    ],
  });

/** The journal at the start, newest first. */
export function journal(): Step[] {
  return [
    exchanged(128),
    step(127, {
      operation: "jwt_bearer",
      title: "User token by JWT bearer",
      headline: "devportal got a user token for alice",
      client: "devportal",
      audience: null,
      duration_us: 64_000,
      tokens_in: ["t-access"],
      tokens_out: ["t-user"],
      exchanges: [exchange(1, "claimscope", "portal", "POST /oauth2/token, jwt-bearer", 200, 64_000)],
    }),
    loggedIn(126),
    step(125, {
      operation: "client_credentials",
      title: "Application token",
      headline: "billing-app got a token",
      client: "billing-app",
      subject: null,
      audience: null,
      duration_us: 29_000,
      tokens_out: ["t-app"],
      exchanges: [exchange(1, "claimscope", "gateway", "POST /oauth2/token", 200, 29_000)],
    }),
    step(124, {
      operation: "call_api",
      title: "Call an API",
      headline: "The gateway refused the call",
      client: "billing-app",
      subject: null,
      audience: "orders",
      outcome: "refused",
      status: 403,
      duration_us: 11_000,
      tokens_in: ["t-app"],
      exchanges: [exchange(1, "claimscope", "gateway", "GET /orders", 403, 11_000)],
    }),
    refused(123),
    failed(122),
  ];
}
