// `?fake=envs`: two environments side by side. Two profiles, two long issuers, forty tokens with long names: the state in which rows
// run out of room and a token of one environment must not be taken for one of the other.
import type {
  Cell,
  Change,
  Compared,
  Draft,
  ForeignToken,
  Group,
  Shape,
  Profile,
  Row,
  TokenView,
  Verdict,
} from "../../wire/types";
import { labProfile } from "./profiles";
import { at, token } from "./tokens";

export const DEV = "https://id.dev.eu-central-1.platform.example-retail.net/realms/shop";
export const PROD = "https://id.prod.eu-central-1.platform.example-retail.net/realms/shop";

function environment(id: string, name: string, issuer: string, mark: Shape, production: boolean): Profile {
  const lab = labProfile();
  return {
    ...lab,
    id,
    name,
    provider: { ...lab.provider, issuer, name: "Keycloak 26.7.5", events: "" },
    gateway: lab.gateway && {
      ...lab.gateway,
      name: "WSO2 API Manager 4.7.0",
      issuer: `${new URL(issuer).origin.replace("id.", "gw.")}/oauth2/token`,
    },
    tls: { ...lab.tls, ca_pem: "" },
    simulated: false,
    mark,
    production,
  };
}

/** `long`: with names that differ at their end alone, for `?fake=envs-long`. */
export const environments = (long = false): Profile[] => {
  const name = (end: string): string =>
    long ? `realm with a really long name for the customers of the northern regions, ${end}` : `Shop ${end}`;
  return [environment("shop-dev", name("dev"), DEV, "ring", false), environment("shop-prod", name("prod"), PROD, "square", true)];
};

const KEYS = { dev: "qEYe7kXb0pTnVw5sZvpo", prod: "m3Rt81cLw9QfKj2sA2hQ" };

function of(env: "dev" | "prod", id: string, some: Partial<TokenView>): TokenView {
  const [profile, name, issuer] = env === "dev" ? ["shop-dev", "Shop dev", DEV] : ["shop-prod", "Shop prod", PROD];
  const kid = KEYS[env];
  return token(`${env}-${id}`, {
    note: "storefront",
    client: "storefront",
    group: "dora",
    who: "dora",
    shelf: { kind: "person", name: some.who ?? "dora" },
    issuer,
    kid,
    provenance: { profile, name, issuer },
    simulated: false,
    origin: "log in by storefront",
    verification: {
      state: "verified",
      key: { kid, alg: "RS256", kind: "RSA 2048", source: `${issuer}/protocol/openid-connect/certs`, read_ms: at(-30) * 1000 },
    },
    ...some,
  });
}

/** Forty tokens of two environments. */
export function twoShelves(): TokenView[] {
  const app = (env: "dev" | "prod", id: string, some: Partial<TokenView>) =>
    of(env, id, {
      group: "Applications",
      shelf: { kind: "applications" },
      note: "service",
      step: 120,
      origin: "client credentials",
      ...some,
    });
  const services = [
    "inventory-replication-worker",
    "recommendation-engine-feature-store",
    "payments-reconciliation-nightly-batch",
    "customer-data-platform-export",
    "warehouse-label-printer-gateway",
    "fraud-score-streaming-consumer",
  ];
  return [
    of("prod", "access", {
      audience: ["orders-api", "stock-api", "customers-api", "payments-api"],
      scope: ["openid", "profile", "orders:read"],
      subject: "b1e3a920-77aa-4c0f-8f2d-0d5b1c9907fc",
      issued_at: at(-22),
      expires_at: at(278),
      size: 1536,
    }),
    of("prod", "orders", {
      label: "portal → orders-api",
      note: "",
      parent: "prod-access",
      client: "portal",
      audience: ["orders-api"],
      expires_at: at(280),
    }),
    of("prod", "user", {
      label: "WSO2 user",
      note: "devportal",
      parent: "prod-access",
      client: "devportal",
      issuer: "https://gw.prod.eu-central-1.platform.example-retail.net/oauth2/token",
      expires_at: at(3552),
    }),
    of("prod", "refresh", {
      label: "refresh",
      kind: "refresh",
      format: "opaque",
      verification: { state: "unverifiable", reason: "It is opaque." },
      expires_at: at(1778),
    }),
    of("dev", "access", {
      audience: ["orders-api", "stock-api", "customers-api"],
      scope: ["openid", "profile", "orders:read", "email"],
      subject: "7c57d1f0-3a52-4c8e-9e61-b2a7f04e498d",
      issued_at: at(-69),
      expires_at: at(1731),
      size: 1434,
    }),
    of("dev", "orders", {
      label: "portal → orders-api",
      note: "",
      parent: "dev-access",
      client: "portal",
      audience: ["orders-api"],
      expires_at: at(1733),
    }),
    of("dev", "tenant", {
      label: "batch → tenant-api",
      note: "",
      parent: "dev-access",
      client: "batch",
      audience: ["tenant-api"],
      expires_at: at(251),
    }),
    of("dev", "id", { label: "id token", kind: "id", audience: ["storefront"], expires_at: at(1731) }),
    app("dev", "batch", { label: "orders-batch", who: "orders-batch", client: "orders-batch", expires_at: at(242) }),
    app("prod", "batch", { label: "orders-batch", who: "orders-batch", client: "orders-batch", expires_at: at(260) }),
    app("prod", "billing", {
      label: "billing-worker",
      note: "",
      who: "billing-worker",
      client: "billing-worker",
      expires_at: at(42),
    }),
    app("prod", "reference", {
      label: "billing-app",
      note: "reference",
      who: "billing-app",
      client: "billing-app",
      format: "opaque",
      expires_at: null,
      verification: { state: "unverifiable", reason: "It is opaque: only its server can say what it means. Introspect it." },
    }),
    ...services.flatMap((name, i) =>
      (["dev", "prod"] as const).map((env) =>
        app(env, name, { label: name, who: name, client: name, expires_at: at(300 + i * 60) }),
      ),
    ),
    ...["maximiliane-alexandra.von-hohenstein", "bob", "carol"].flatMap((who) =>
      (["dev", "prod"] as const).flatMap((env) => [
        of(env, `${who}-a`, { group: who, who, note: "storefront-mobile-application" }),
        of(env, `${who}-b`, { group: who, who, label: "id token", kind: "id" }),
      ]),
    ),
    of("dev", "pasted", {
      group: "Pasted",
      shelf: { kind: "pasted" },
      label: "dora",
      note: "mobile-bff",
      step: null,
      origin: "the clipboard",
      client: "mobile-bff",
      expires_at: at(3128),
      verification: { state: "unverifiable", reason: "The signature has not been checked yet." },
    }),
    token("unknown", {
      group: "Pasted",
      shelf: { kind: "pasted" },
      label: "token",
      note: "reference",
      who: "unknown",
      kind: "other",
      format: "opaque",
      step: null,
      origin: "the clipboard",
      issuer: null,
      client: null,
      subject: null,
      expires_at: null,
      issued_at: null,
      alg: null,
      kid: null,
      simulated: false,
      verification: { state: "unverifiable", reason: "It is opaque." },
    }),
    token("twin", {
      group: "Pasted",
      shelf: { kind: "pasted" },
      label: "erin",
      note: "partner-portal",
      who: "erin",
      step: null,
      origin: "the clipboard",
      issuer: "https://id.partner.example/realms/partner",
      simulated: false,
    }),
    of("prod", "evidence", { group: "dora", label: "access", note: "storefront", evidence_only: true, expires_at: at(-900) }),
  ];
}

const apart = (token: TokenView): string => token.provenance?.profile ?? token.issuer ?? "";

/** Whether the fake compares these as two environments. */
export const isApart = (tokens: TokenView[]): boolean =>
  tokens.length === 2 && tokens.every((token) => token.provenance !== null) && apart(tokens[0]!) !== apart(tokens[1]!);

const text = (value: string): Cell => ({ kind: "value", value: { kind: "text", text: value } });
const chips = (kept: string[], mark: "removed" | "added" | null = null, more: string[] = []): Cell => ({
  kind: "members",
  members: [
    ...kept.map((member) => ({ text: member, mark: "kept" as const })),
    ...(mark === null ? [] : more.map((member) => ({ text: member, mark }))),
  ],
  more: 0,
});

function row(path: string, change: Change, cells: [Cell, Cell], change_text: string, substance = false, label = path): Row {
  return { path, label, cells, change, changes: ["same", change], change_text, meaning: null, failed_check: false, substance };
}

/** The comparison of the design: dev beside prod. */
export function compareApart(tokens: TokenView[]): Compared {
  const [a, b] = [tokens[0]!, tokens[1]!];
  const equal: Cell = { kind: "equal" };
  const aud = a.audience.length < b.audience.length;
  const groups: Group[] = [
    {
      id: "identity",
      title: "Identity and requester",
      summary: "all 3 same: preferred_username, azp, typ",
      folded: true,
      rows: [
        row("preferred_username", "same", [text("dora"), equal], "same"),
        row("azp", "same", [text("storefront"), equal], "same"),
        row("typ", "same", [text("Bearer"), equal], "same"),
      ],
    },
    {
      id: "audience",
      title: "Audience and scope",
      summary: "2 of 2 differ",
      folded: false,
      rows: [
        row(
          "aud",
          aud ? "added" : "removed",
          [chips(a.audience), chips(["orders-api", "stock-api", "customers-api"], "added", ["payments-api"])],
          "B adds 3 → 4",
          true,
        ),
        row(
          "scope",
          "removed",
          [chips(["openid", "profile", "orders:read"], "removed", ["email"]), chips(["openid", "profile", "orders:read"])],
          "A only 4 → 3",
          true,
        ),
      ],
    },
    {
      id: "roles",
      title: "Roles",
      summary: "1 of 2 differs",
      folded: false,
      rows: [
        row(
          "resource_access.orders-api.roles",
          "removed",
          [chips(["viewer"], "removed", ["editor", "tester"]), chips(["viewer"])],
          "A only 3 → 1",
          true,
          "orders-api",
        ),
        row("realm_access.roles", "same", [chips(["shopper"]), equal], "same", false, "realm"),
      ],
    },
    {
      id: "lifetime",
      title: "Lifetime",
      summary: "1 of 1 differs",
      folded: false,
      rows: [row("exp - iat", "shorter", [text("30 min"), text("5 min")], "shorter 25 min", true)],
    },
    {
      id: "environment",
      title: "Environment",
      summary: "5 differ, as two environments must",
      folded: true,
      rows: [
        row("iss", "replaced", [text(a.issuer ?? ""), text(b.issuer ?? "")], "changed"),
        row("header.kid", "replaced", [text(a.kid ?? ""), text(b.kid ?? "")], "changed", false, "kid"),
        row("sub", "replaced", [text(a.subject ?? ""), text(b.subject ?? "")], "changed"),
        row("sid", "replaced", [text("s-1d2f77aa"), text("s-99c0b1ee")], "changed"),
        row(
          "allowed-origins",
          "replaced",
          [chips(["https://shop.dev.example-retail.net"]), chips(["https://shop.example-retail.net"])],
          "changed",
        ),
      ],
    },
    {
      id: "noise",
      title: "Noise",
      summary: "exp, iat, jti, auth_time: 4 of 4 differ",
      folded: true,
      rows: ["exp", "iat", "jti", "auth_time"].map((path) => row(path, "replaced", [text("1"), text("2")], "changed")),
    },
  ];
  const say = (id: string, label: string, tone: Verdict["tone"], word: string, rest = "", paths: string[] = []): Verdict => ({
    id,
    label,
    tone,
    word,
    rest,
    paths,
  });
  return {
    comparison: {
      columns: tokens,
      groups,
      rows: 18,
      changes: 13,
      substance: 4,
      environments: true,
      left_out: 0,
      pairs: [
        {
          kinship: "unknown",
          findings: [],
          changes: 13,
          verdicts: [
            say("identity", "Identity", "same", "same user name", "", ["preferred_username"]),
            say("requester", "Requester", "same", "storefront", "", ["azp"]),
            say("audience", "Audience", "changed", "B adds", "1", ["aud"]),
            say("scope", "Scope", "changed", "A has", "1 more", ["scope"]),
            say("roles", "Roles", "changed", "A has", "2 more", ["resource_access.orders-api.roles"]),
            say("lifetime", "Lifetime", "narrowed", "30 → 5 min", "", ["exp - iat"]),
            say("binding", "Binding", "none", "none"),
          ],
          environment: [
            say("issuer", "Issuer", "changed", "other", "", ["iss"]),
            say("key", "Key", "changed", "other", "RS256 both", ["header.kid"]),
            say("subject", "User id", "changed", "other", "", ["sub"]),
          ],
        },
      ],
    },
    reports: [null, null],
    resources: [],
    step: null,
  };
}

/** Tokens of another environment in a draft, as the backend names them. */
export function foreignIn(draft: Draft, tokens: TokenView[], profile: Profile): ForeignToken[] {
  return draft.values.flatMap(({ name, value }): ForeignToken[] => {
    const found = tokens.find((one) => `token:${one.id}` === value);
    const from = found?.provenance;
    if (!found || !from || from.profile === profile.id) return [];
    const confirmation = `${found.id} to ${profile.id} at ${profile.provider.issuer}`;
    const [source, goal] = [`${from.name} (${from.issuer})`, `${profile.name} (${profile.provider.issuer})`];
    return [
      {
        field: name,
        token: found.id,
        from: source,
        to: goal,
        message: `This token came from ${source}. It will be sent to ${goal}.`,
        confirmation,
        confirmed: draft.values.some((pair) => pair.name === "danger_other_environment" && pair.value === confirmation),
      },
    ];
  });
}
