// Forms and previews of the fake, for the operations the window is tried with.
import type {
  Draft,
  ForeignToken,
  Field,
  Form,
  OpenForm,
  Operation,
  OperationChoice,
  Preview,
  SnippetFormat,
  Span,
} from "../../wire/types";

const CHOICES: [Operation, string, string, string][] = [
  ["log_in", "Log in", "authorization code", "Log in"],
  ["token_exchange", "Token exchange", "RFC 8693", "Exchange"],
  ["jwt_bearer", "User token by JWT bearer", "RFC 7523", "Get the token"],
  ["client_credentials", "Application token", "client credentials", "Get the token"],
  ["refresh", "Refresh", "RFC 6749 6", "Refresh"],
  ["password", "Password grant", "legacy", "Get the token"],
  ["call_api", "Call an API", "bearer token", "Call"],
  ["introspect", "Introspect", "RFC 7662", "Introspect"],
  ["userinfo", "Userinfo", "OIDC 5.3", "Read userinfo"],
  ["revoke", "Revoke", "RFC 7009", "Revoke"],
  ["log_out", "Log out", "RP-initiated", "Log out"],
  ["read_events", "Read events", "audit", "Read"],
];

export const OPERATIONS: OperationChoice[] = CHOICES.map(([operation, title, note]) => ({
  operation,
  title,
  note,
  unavailable: operation === "password" ? "The lab's clients have direct access grants switched off." : null,
}));

const field = (name: string, kind: Field["kind"], some: Partial<Field> = {}): Field => ({
  name,
  rfc: "",
  hint: "",
  kind,
  required: false,
  repeatable: false,
  unavailable: null,
  initial: [],
  empty: null,
  shown_if: null,
  ...some,
});
const choice = (values: [string, string, string?][], open = false): Field["kind"] => ({
  kind: "choice",
  choices: values.map(([value, label, note]) => ({ value, label, note: note ?? "", danger: value.startsWith("danger_") })),
  open,
});
const CLIENTS = choice([
  ["portal", "portal", "may exchange"],
  ["gateway", "gateway"],
  ["billing", "billing", "may not exchange"],
]);
const TYPES = choice([
  ["urn:ietf:params:oauth:token-type:access_token", "access_token"],
  ["urn:ietf:params:oauth:token-type:jwt", "jwt"],
]);
const ACCESS_TYPE = "urn:ietf:params:oauth:token-type:access_token";
const EXCHANGES = choice([
  ["standard", "Standard exchange", "narrow a token of this realm, V2; supported here"],
  ["delegation", "Delegation", "the token names who acts for whom"],
  ["impersonation", "Impersonation", "a token of another user, V1; not supported here"],
  ["danger_naked_impersonation", "Danger: naked exchange", "impersonates any user without a token, V1"],
]);
const only = (...values: string[]): Field["shown_if"] => ({ field: "exchange", values });
const NOT_SENT = choice([
  ["", "not sent"],
  ["login", "login"],
  ["none", "none"],
]);
const SCOPES = ["openid", "profile", "email", "orders:read", "orders:write"];

function fields(operation: Operation, token: string): Field[] {
  const taken = field(
    "token",
    { kind: "token" },
    { required: true, initial: [`token:${token}`], hint: "From the shelf, or pasted" },
  );
  switch (operation) {
    case "log_in":
      return [
        field("client_id", choice([["frontend", "frontend"]]), {
          initial: ["frontend"],
          hint: "Public, code with PKCE",
          rfc: "RFC 6749 4.1.1",
          required: true,
        }),
        field(
          "redirect_uri",
          { kind: "text" },
          { initial: ["http://127.0.0.1:0/callback"], hint: "Any free port on 127.0.0.1", rfc: "RFC 8252 7.3" },
        ),
        field(
          "scope",
          { kind: "words", suggestions: SCOPES },
          { initial: SCOPES, hint: "openid asks for an ID token", rfc: "OIDC 3.1.2.1" },
        ),
        field(
          "code_challenge",
          { kind: "made" },
          { initial: ["S256, made when you run"], hint: "New for every login", rfc: "RFC 7636 4.2" },
        ),
        field("prompt", NOT_SENT, { initial: [""], hint: "login asks for the password again", rfc: "OIDC 3.1.2.1" }),
        field("login_hint", { kind: "text" }, { initial: ["alice"], hint: "Fills in the user name" }),
      ];
    case "token_exchange":
      return [
        field("exchange", EXCHANGES, { initial: ["standard"], hint: "Which one; not sent itself" }),
        field("client", CLIENTS, { initial: ["portal"], hint: "Secret in the system keychain", rfc: "who asks", required: true }),
        field(
          "subject_token",
          { kind: "token" },
          {
            initial: [`token:${token}`],
            hint: "From the shelf, or pasted",
            rfc: "RFC 8693 2.1",
            required: true,
            shown_if: only("standard", "delegation", "impersonation"),
          },
        ),
        field("subject_token_type", TYPES, {
          shown_if: only("standard", "delegation", "impersonation"),
          initial: [ACCESS_TYPE],
          hint: "Keycloak takes access tokens only",
          rfc: "RFC 8693 3",
        }),
        field(
          "requested_subject",
          { kind: "text" },
          {
            hint: "User name or id whose token is wanted",
            rfc: "Keycloak",
            required: true,
            shown_if: only("impersonation", "danger_naked_impersonation"),
          },
        ),
        field(
          "audience",
          { kind: "words", suggestions: ["orders-api", "billing", "gateway"] },
          { initial: ["orders-api"], hint: "Whom the new token is for", rfc: "RFC 8693 2.1", repeatable: true },
        ),
        field(
          "scope",
          { kind: "words", suggestions: SCOPES },
          { initial: ["profile", "orders:write"], hint: "What it may do", rfc: "RFC 8693 2.1" },
        ),
        field("requested_token_type", TYPES, { initial: [ACCESS_TYPE], hint: "access_token when left out", rfc: "RFC 8693 2.1" }),
        field("resource", { kind: "text" }, { unavailable: "Ignored by Keycloak 26.7", rfc: "RFC 8693 2.1" }),
        field(
          "actor_token",
          { kind: "token" },
          { hint: "Who acts for the subject", rfc: "RFC 8693 2.1", required: true, shown_if: only("delegation") },
        ),
      ];
    case "client_credentials":
      return [
        field(
          "client",
          choice([
            ["billing-app", "billing-app", "at the gateway"],
            ["portal", "portal"],
          ]),
          { initial: ["billing-app"], hint: "Secret in the system keychain", required: true },
        ),
        field(
          "scope",
          { kind: "words", suggestions: ["orders:read"] },
          { hint: "Left out: what the application may do", rfc: "RFC 6749 4.4.2" },
        ),
      ];
    case "call_api":
      return [
        field(
          "resource",
          choice(
            [
              ["orders-api", "orders-api"],
              ["catalog", "catalog", "through the gateway"],
              ["orders", "orders", "through the gateway"],
            ],
            true,
          ),
          { initial: ["orders-api"], hint: "The address of the API", required: true },
        ),
        { ...taken, rfc: "RFC 6750 2.1" },
        field(
          "method",
          choice([
            ["GET", "GET"],
            ["POST", "POST"],
          ]),
          { initial: ["GET"] },
        ),
        field("headers", { kind: "lines" }, { hint: "One header a line" }),
      ];
    case "password":
      return [
        field("username", { kind: "text" }, { required: true }),
        field("password", { kind: "password" }, { required: true }),
      ];
    case "read_events":
      return [field("client", choice([["orders-api", "orders-api"]]), { initial: ["orders-api"] })];
    default:
      return [field("client", CLIENTS, { initial: ["portal"], required: true }), taken];
  }
}

export function openForm(operation: Operation, token: string | null): OpenForm {
  const [, title, note, verb] = CHOICES.find(([name]) => name === operation) ?? [operation, operation, "", "Run"];
  const form: Form = {
    operation,
    title,
    note,
    verb,
    place: "at the lab's provider, realm lab",
    unavailable: OPERATIONS.find((o) => o.operation === operation)?.unavailable ?? null,
    fields: fields(operation, token ?? "t-access"),
    unkept: operation === "password" ? ["password"] : [],
  };
  return { form, operations: OPERATIONS };
}

const span = (text: string, ink: Span["ink"] = "plain"): Span => ({ text, ink });
const until = Date.now() + 291_000;
const toGo = (): string => {
  const left = Math.max(0, Math.round((until - Date.now()) / 1000));
  return `${String(Math.floor(left / 60))} min ${String(left % 60)} s`;
};
export const DOTS = "••••••••";

export function preview(draft: Draft, foreign: ForeignToken[] = []): Preview {
  const get = (name: string) =>
    draft.values
      .filter((pair) => pair.name === name)
      .map((pair) => pair.value)
      .filter((value) => value !== "");
  const browser = draft.operation === "log_in";
  const sent = draft.values.filter((pair) => pair.value !== "" && !["client", "code_challenge", "exchange"].includes(pair.name));
  const pairs = [
    ...sent.filter((pair) => pair.name !== "scope"),
    ...(get("scope").length ? [{ name: "scope", value: get("scope").join(" ") }] : []),
    ...draft.extra,
  ];
  const head: Span[][] = browser
    ? [[span("GET", "strong"), span(" /realms/lab/protocol/openid-connect/auth")]]
    : [
        [span("POST", "strong"), span(" /realms/lab/protocol/openid-connect/token HTTP/1.1")],
        [span("Host:", "quiet"), span(" 127.0.0.1:18080")],
        [span("Authorization:", "quiet"), span(" Basic cG9ydGFs"), span(DOTS + "••••", "secret")],
        [span("Content-Type:", "quiet"), span(" application/x-www-form-urlencoded")],
        [span("")],
      ];
  const grant = {
    name: browser ? "response_type" : "grant_type",
    value: browser ? "code" : "urn:ietf:params:oauth:grant-type:token-exchange",
  };
  const body: Span[][] = [grant, ...pairs].map((pair, i) => [
    span(i === 0 ? (browser ? "?" : "") : "&"),
    span(pair.name, "key"),
    ...(pair.name.endsWith("_token") || pair.name === "token"
      ? [span("=eyJhbGciOiJS"), span(DOTS, "secret"), span("  alice, access, 1.3 kB", "quiet")]
      : [span(`=${pair.value}`)]),
  ]);
  const raw = [...head, ...body];
  const curl = (eol: string): Span[][] => [
    [span("curl", "strong"), span(` http://127.0.0.1:18080/realms/lab/protocol/openid-connect/token${eol}`)],
    [span("  --user "), span('"portal:$CLAIMSCOPE_CLIENT_SECRET"', "secret"), span(eol)],
    ...[grant, ...pairs].map((pair, i, all): Span[] => [
      span("  --data-urlencode "),
      span(`'${pair.name}=${pair.name.endsWith("_token") ? "$CLAIMSCOPE_SUBJECT_TOKEN" : pair.value}'`),
      span(i < all.length - 1 ? eol : ""),
    ]),
  ];
  const texts: [SnippetFormat, Span[][]][] = [
    ["raw", raw],
    ["bash", curl(" \\")],
    ["powershell", curl(" `")],
    ["cmd", curl(" ^")],
  ];
  const missing = draft.operation === "token_exchange" && get("subject_token").length === 0;
  return {
    snippets: missing
      ? []
      : texts.filter(([format]) => !browser || format === "raw").map(([format, lines]) => ({ format, lines })),
    masked: !browser,
    in_browser: browser,
    faults: missing ? [{ field: "subject_token", message: "Choose the token to exchange, or paste one." }] : [],
    warnings:
      draft.operation === "token_exchange" && !get("scope").includes("orders:read")
        ? [
            {
              id: "role-not-requested",
              severity: "warning",
              title: "Role viewer",
              detail:
                "orders-api expects the role viewer. In this profile scope orders:read carries it, and it is not requested.",
              rfc: null,
              path: null,
            },
          ]
        : [],
    foreign,
    questions: [],
    ready:
      draft.operation === "token_exchange"
        ? [
            {
              name: "Requester",
              value: "portal is in the subject token's aud, so Keycloak lets it exchange this token.",
              checked: true,
              counts: false,
            },
            { name: "Audience", value: "orders-api is in aud too. The exchange can narrow to it.", checked: true, counts: false },
            { name: "Lifetime", value: `The token is valid for another ${toGo()}.`, checked: true, counts: true },
          ]
        : [{ name: "Redirect", value: "http://127.0.0.1 on any free port", checked: false, counts: false }],
  };
}
