// What the fake says about tokens: comparison, inspection, what servers say.
import type {
  Against,
  Cell,
  ClaimValue,
  Compared,
  Examined,
  Expectations,
  Finding,
  Group,
  Inspection,
  Member,
  Checked,
  Required,
  Row,
  Source,
  TokenUse,
  TokenView,
  Truth,
  TruthGroup,
  Verdict,
} from "../../wire/types";
import { REPORT, VERDICTS, exchanged } from "./steps";
import { GATEWAY, ISSUER, START } from "./tokens";

const text = (value: string): ClaimValue => ({ kind: "text", text: value });
const set = (members: string[]): ClaimValue => ({ kind: "set", members, more: 0 });
const time = (epoch: number | null): ClaimValue => (epoch === null ? text("") : { kind: "time", epoch });

/** Claims a token of the fake has, by group. */
function claims(
  token: TokenView,
): { id: string; title: string; rows: { path: string; label: string; value: ClaimValue; meaning: string | null }[] }[] {
  const roles = token.client === "portal" ? ["editor"] : ["editor", "viewer"];
  const row = (path: string, value: ClaimValue, meaning: string | null = null, label = path) => ({ path, label, value, meaning });
  return [
    {
      id: "identity",
      title: "Identity and requester",
      rows: [
        row("sub", text(token.subject ?? ""), "Subject: whom the token is about (RFC 7519 4.1.2)."),
        row("preferred_username", text(token.who), "A display name. It can change, so do not key on it."),
        row("azp", text(token.client ?? ""), "Authorized party: the client that holds the token."),
      ],
    },
    {
      id: "audience",
      title: "Audience and scope",
      rows: [
        row("aud", set(token.audience), "Audience: who should accept the token (RFC 7519 4.1.3)."),
        row("scope", set(token.scope), "What the token may be used for (RFC 8693 4.2)."),
      ],
    },
    {
      id: "roles",
      title: "Roles",
      rows: [
        row("resource_access.orders-api.roles", set(roles), "Client roles of orders-api.", "orders-api"),
        ...(token.client === "portal" ? [] : [row("realm_access.roles", set(["auditor", "operator"]), "Realm roles.", "realm")]),
      ],
    },
    {
      id: "lifetime",
      title: "Lifetime",
      rows: [row("exp", time(token.expires_at), "Expiry: not to be accepted at or after it (RFC 7519 4.1.4).")],
    },
    {
      id: "issuer",
      title: "Issuer and key",
      rows: [row("iss", text(token.issuer ?? ""), "Issuer (RFC 7519 4.1.1)."), row("typ", text("Bearer"))],
    },
    {
      id: "noise",
      title: "Noise",
      rows: [
        row("jti", text(token.jti ?? ""), "Unique id of the token."),
        row("iat", time(token.issued_at)),
        row("sid", text(token.session ?? "")),
      ],
    },
  ];
}

const plain = (value: ClaimValue | undefined): string => JSON.stringify(value ?? null);
const members = (value: ClaimValue | undefined): string[] => (value?.kind === "set" ? value.members : []);

function cells(values: (ClaimValue | undefined)[]): Cell[] {
  const [first] = values;
  const last = values.at(-1);
  return values.map((value, i): Cell => {
    if (value === undefined) return { kind: "absent" };
    if (i > 0 && plain(value) === plain(first)) return { kind: "equal" };
    if (value.kind !== "set") return { kind: "value", value };
    const other = members(i === 0 ? last : first);
    const mark = i === 0 ? "removed" : "added";
    const kept: Member[] = value.members.filter((m) => other.includes(m)).map((m) => ({ text: m, mark: "kept" }));
    return {
      kind: "members",
      members: [...kept, ...value.members.filter((m) => !other.includes(m)).map((m): Member => ({ text: m, mark }))],
      more: 0,
    };
  });
}

const LONG_USER = "an-extremely-long-user-name-that-nobody-would-choose-but-active-directory-does@corp.example.com";
const LONG_CLIENT = (at: number) => `client-${String(at)}-${"x".repeat(50)}`;
const LONG_HOST = "very-long-identity-provider-name-number-18.department.example.com";

/** A comparison of tokens with the longest names there are, for `?fake=longer` and `?fake=envs-longer`. */
export function longNames(compared: Compared): Compared {
  const say: Record<string, Partial<Verdict>> = {
    identity: { tone: "changed", word: "changed", rest: `${LONG_USER} → carol` },
    requester: { tone: "changed", word: "changed", rest: `${LONG_CLIENT(18)} → ${LONG_CLIENT(27)}` },
    audience: { tone: "changed", word: "replaced", rest: "1 → 1" },
    scope: { tone: "widened", word: "widened", rest: "18 → 27" },
    lifetime: { tone: "outlives", word: "outlives", rest: "by 9 min" },
  };
  const issuer: Verdict = {
    id: "issuer",
    label: "Issuer",
    tone: "changed",
    word: "changed",
    rest: `${LONG_HOST} → 127.0.0.1`,
    paths: ["iss"],
  };
  const { comparison } = compared;
  const columns = comparison.columns.map((token, i) =>
    i === 0
      ? { ...token, who: LONG_USER, client: LONG_CLIENT(18), issuer: `https://${LONG_HOST}/realms/platform` }
      : { ...token, client: LONG_CLIENT(27) },
  );
  const pairs = comparison.pairs.map((pair) => ({
    ...pair,
    verdicts: [
      ...pair.verdicts.map((verdict) => ({ ...verdict, ...say[verdict.id] })),
      ...(comparison.environments ? [] : [issuer]),
    ],
  }));
  return {
    ...compared,
    comparison: { ...comparison, columns, pairs },
    step: comparison.environments ? compared.step : compared.step && { ...compared.step, client: LONG_CLIENT(27) },
  };
}

export function compare(tokens: TokenView[], resource: string | null): Compared {
  const all = tokens.map(claims);
  const groups = (all[0] ?? []).map((group): Group => {
    const paths = [
      ...new Map(all.flatMap((one) => one.find((g) => g.id === group.id)?.rows ?? []).map((row) => [row.path, row])).values(),
    ];
    const rows = paths.map((row): Row => {
      const values = all.map((one) => one.find((g) => g.id === group.id)?.rows.find((r) => r.path === row.path)?.value);
      const [a, b] = [values[0], values.at(-1)];
      const same = plain(a) === plain(b);
      const [gone, come] = [members(a).length, members(b).length];
      const change = same
        ? "same"
        : b === undefined
          ? "removed"
          : a === undefined
            ? "added"
            : a.kind === "set"
              ? come < gone
                ? "narrowed"
                : "widened"
              : row.path === "exp"
                ? "outlives"
                : "replaced";
      const list = cells(values);
      const failed = row.path === "resource_access.orders-api.roles" && !members(b).includes("viewer") && resource !== "catalog";
      const lastCell = list.at(-1);
      if (failed && lastCell) {
        const kept: Member[] = members(b).map((m) => ({ text: m, mark: "kept" }));
        list[list.length - 1] = { kind: "members", members: [...kept, { text: "viewer", mark: "missing" }], more: 0 };
      }
      return {
        path: row.path,
        label: row.label,
        cells: list,
        change,
        changes: values.map((value, i) =>
          i === 0 || plain(value) === plain(a)
            ? "same"
            : i === values.length - 1
              ? change
              : value === undefined
                ? "removed"
                : a === undefined
                  ? "added"
                  : "replaced",
        ),
        change_text:
          change === "same"
            ? "same"
            : change === "outlives"
              ? "outlives +7 s"
              : a?.kind === "set"
                ? `${change} ${gone} → ${come}`
                : change,
        meaning: row.meaning,
        failed_check: failed,
        substance: change !== "same" && group.id !== "noise",
      };
    });
    const changed = rows.filter((row) => row.change !== "same").length;
    return {
      id: group.id,
      title: group.title,
      summary:
        changed === 0 ? `${rows.map((row) => row.label).join(", ")}: all the same` : `${changed} of ${rows.length} changed`,
      folded: changed === 0 || group.id === "noise",
      rows,
    };
  });
  const rows = groups.flatMap((group) => group.rows);
  const issued = tokens.at(-1)?.client === "portal";
  const verdicts: Verdict[] = [...VERDICTS, { id: "binding", label: "Binding", tone: "none", word: "none", rest: "", paths: [] }];
  const pairs = tokens.slice(1).map((token): Against => ({
    kinship: token.parent === tokens[0]?.id ? "descendant" : "unknown",
    verdicts,
    environment: [],
    changes: 4,
    findings: token.client === "portal" ? [OUTLIVES] : [],
  }));
  return {
    comparison: {
      columns: tokens,
      groups,
      rows: rows.length,
      changes: rows.filter((row) => row.change !== "same").length,
      substance: rows.filter((row) => row.substance).length,
      environments: false,
      pairs,
      left_out: 0,
    },
    reports: tokens.map((token) => reportFor(token, resource)),
    resources: ["orders-api", "catalog", "orders"],
    step: issued ? exchanged(128) : null,
  };
}

const OUTLIVES: Finding = {
  id: "outlives-subject",
  severity: "warning",
  title: "Outlives its subject token by 7 s",
  detail: "It stays valid after the token it was made from has expired.",
  rfc: null,
  path: "claims.exp",
};

function reportFor(token: TokenView, resource: string | null): Checked {
  const until_s = token.expires_at;
  const checks = REPORT.checks.map((check) => (check.id === "expiry" ? { ...check, moment: token.expires_at } : check));
  if (resource !== "catalog") return { ...REPORT, checks, until_s };
  return {
    ...REPORT,
    resource,
    answer: 200,
    error: null,
    challenge: null,
    headline: "catalog would accept it",
    first_failure: null,
    checks: checks.filter((check) => check.outcome === "pass"),
    until_s,
  };
}

export function examine(token: TokenView, tokens: TokenView[], resource: string | null): Examined {
  const parent = tokens.find((one) => one.id === token.parent);
  return {
    report: reportFor(token, resource),
    resources: ["orders-api", "catalog", "orders"],
    lineage: {
      ancestors: parent ? [{ token: parent, distance: 1, on_shelf: true }] : [],
      actors: [],
      descendants: tokens.filter((one) => one.parent === token.id).map((one) => ({ token: one, distance: 1, on_shelf: true })),
      acts_in: [],
    },
    findings: token.client === "portal" ? [OUTLIVES] : [],
    onward: token.issuer?.startsWith(GATEWAY)
      ? [
          {
            label: "Exchange for a Keycloak token",
            operation: "token_exchange",
            values: [
              { name: "exchange", value: "external_to_internal" },
              { name: "subject_token", value: `token:${token.id}` },
            ],
          },
        ]
      : [],
    uses: token.evidence_only ? [] : (USES[token.kind] ?? ACCESS_USES),
  };
}

const use = (operation: TokenUse["operation"], field: string, label: string, danger = false): TokenUse => ({
  operation,
  field,
  label,
  danger,
});
const ACCESS_USES: TokenUse[] = [
  use("token_exchange", "subject_token", "Use as subject token"),
  use("jwt_bearer", "assertion", "Use as assertion"),
  use("call_api", "token", "Call an API"),
  use("introspect", "token", "Introspect"),
  use("userinfo", "token", "Userinfo"),
  use("revoke", "token", "Revoke", true),
];
const USES: Partial<Record<TokenView["kind"], TokenUse[]>> = {
  refresh: [
    use("refresh", "refresh_token", "Refresh"),
    use("introspect", "token", "Introspect"),
    use("log_out", "refresh_token", "Log out"),
    use("revoke", "token", "Revoke", true),
  ],
  id: [use("token_exchange", "subject_token", "Use as subject token"), use("log_out", "id_token_hint", "Log out")],
};

/** Before asking the token stands alone; after it the server calls it inactive and knows another mail address. */
export function truth(token: TokenView, asked: boolean): Truth {
  const said = token.format !== "opaque";
  const userless = token.shelf.kind === "applications";
  const sources: Source[] = [
    {
      speaker: "token",
      title: "Token",
      heard: said ? "said" : "unavailable",
      words: said
        ? token.verification.state === "verified"
          ? `verified, RS256 ${token.kid ?? ""}`
          : "not verified"
        : "opaque, it says nothing by itself",
      address: null,
      read_ms: null,
      step: token.step,
      active: null,
    },
    {
      speaker: "introspection",
      title: "Introspection",
      heard: asked ? "said" : "not_asked",
      words: asked ? "not active" : "not asked yet",
      address: asked ? `${ISSUER}/protocol/openid-connect/token/introspect` : null,
      read_ms: asked ? START + 9_000 : null,
      step: asked ? 129 : null,
      active: asked ? false : null,
    },
    {
      speaker: "userinfo",
      title: "Userinfo",
      heard: userless ? "unavailable" : asked ? "said" : "not_asked",
      words: userless ? "no user stands behind the token" : asked ? "4 members" : "not asked yet",
      address: asked && !userless ? `${ISSUER}/protocol/openid-connect/userinfo` : null,
      read_ms: asked && !userless ? START + 9_050 : null,
      step: asked && !userless ? 130 : null,
      active: null,
    },
  ];
  const word = (value: ClaimValue | null, differs = false) => ({ value, differs });
  const groups: TruthGroup[] = !said
    ? []
    : claims(token).map(({ id, title, rows }) => ({
        id,
        title,
        rows: rows.map(({ path, label, value, meaning }) => {
          const user = asked && !userless && (path === "sub" || path === "preferred_username");
          const renamed: ClaimValue = path === "preferred_username" ? text("alice.archer") : value;
          const differs = user && path === "preferred_username";
          return {
            path,
            label,
            meaning,
            cells: [word(value), word(null), word(user ? renamed : null, differs)],
            agreement: differs
              ? ("differ" as const)
              : user
                ? ("agree" as const)
                : asked
                  ? ("alone" as const)
                  : ("unheard" as const),
            words: differs ? "userinfo differs" : user ? "the same" : asked ? "only the token" : "",
          };
        }),
      }));
  if (asked)
    groups.push({
      id: "other",
      title: "Other",
      rows: [
        {
          path: "active",
          label: "active",
          meaning: "Introspection: whether the token is live right now by the server's word, RFC 7662 2.2.",
          cells: [word(null), word(text("false")), word(null)],
          agreement: "alone",
          words: "only introspection",
        },
      ],
    });
  const findings: Finding[] = !asked
    ? []
    : [
        {
          id: "introspection-inactive",
          severity: "error",
          title: "Inactive though not expired",
          detail:
            "The token has 4 min 41 s left, and the server calls it inactive: it was revoked, its session ended, or the client that asked may not know it. APIs that only check the signature still accept it.",
          rfc: "RFC 7662 2.2",
          path: "claims.exp",
        },
        ...(userless
          ? []
          : [
              {
                id: "userinfo-differs",
                severity: "note" as const,
                title: "preferred_username has changed",
                detail: "It was alice when the token was issued, userinfo says alice.archer now.",
                rfc: "OpenID Connect Core 5.3.2",
                path: "claims.preferred_username",
              },
            ]),
      ];
  return {
    token,
    sources,
    groups,
    findings,
    differences: groups.flatMap((group) => group.rows).filter((row) => row.agreement === "differ").length,
    left_out: 0,
  };
}

/** What a token has, as expectations. */
export function required(token: TokenView): Required {
  const expectations: Expectations = {
    issuer: token.issuer === null ? [] : [token.issuer],
    audience: token.audience.slice(-1),
    token_type: "Bearer",
    roles_all: ["editor"],
    roles_any: [],
    roles_path: "resource_access.orders-api.roles",
    scope: ["orders:write"],
    claims: [],
    binding: "not_asked",
    needs_user: true,
    max_lifetime_s: 300,
    max_age_s: 0,
    clock_tolerance_s: 30,
    signature: true,
  };
  return { expectations, resource: expectations.audience[0] ?? "", notes: [], lines: lines(expectations) };
}

/** Reads the fake's one block: anything with checks in it. */
export function readBlock(block: string, now: Expectations): Required | null {
  if (!block.includes("checks")) return null;
  const expectations: Expectations = { ...now, audience: ["orders-api"], roles_all: ["viewer"], max_lifetime_s: 300 };
  return {
    expectations,
    resource: "orders-api",
    lines: lines(expectations),
    notes: block.includes("cors") ? ["Line 2: cors is not known here and was left out."] : [],
  };
}

const lines = (wants: Expectations) =>
  [
    { name: "Signature", value: "verified with the issuer's key" },
    { name: "Issuer", value: wants.issuer.join(" or ") },
    { name: "Audience", value: wants.audience.join(" or ") },
    { name: "Roles, all", value: `${wants.roles_all.join(", ")} in resource_access.orders-api.roles` },
    { name: "Scope", value: wants.scope.join(", ") },
    { name: "Lifetime", value: "at most 5 min" },
  ].filter((line) => line.value !== "");

export function inspect(token: TokenView): Inspection {
  const groups = claims(token);
  const body = Object.fromEntries(
    groups.flatMap((g) =>
      g.rows.map((row) => [
        row.path,
        row.value.kind === "set" ? row.value.members : row.value.kind === "time" ? row.value.epoch : row.value.text,
      ]),
    ),
  );
  const closed = token.format === "opaque" || (token.format === "jwe" && !token.decrypted);
  const several = token.id === "t-several";
  const bad = token.verification.state === "bad_signature";
  return {
    token,
    groups: closed ? [] : groups,
    header: [
      { path: "alg", label: "alg", value: text(token.alg ?? ""), meaning: "Signature algorithm." },
      { path: "kid", label: "kid", value: text(token.kid ?? ""), meaning: "Which key signed it." },
      { path: "typ", label: "typ", value: text("JWT"), meaning: null },
    ],
    findings: bad
      ? [
          {
            id: "signature",
            severity: "error",
            title: "Signature does not fit",
            detail: "Somebody changed the content after it was signed. Nothing in it can be relied on.",
            rfc: "RFC 7515 5.2",
            path: null,
          },
        ]
      : token.findings > 0
        ? [
            {
              id: "outlives-subject",
              severity: "warning",
              title: "Outlives its subject token by 7 s",
              detail: "It stays valid after the token it was made from has expired.",
              rfc: null,
              path: "claims.exp",
            },
            {
              id: "no-act",
              severity: "note",
              title: "No act claim",
              detail: "Only azp and the server event tell that portal acts for alice.",
              rfc: "RFC 8693 4.1",
              path: null,
            },
          ]
        : [],
    signatures: several
      ? [
          {
            alg: "RS256",
            kid: "bilbo.baggins@hobbiton.example",
            verification: {
              state: "unverifiable",
              reason: "No key with kid bilbo.baggins@hobbiton.example is among the keys given.",
            },
          },
          {
            alg: "ES512",
            kid: "bilbo.baggins@hobbiton.example",
            verification: { state: "unverifiable", reason: "No key with that kid." },
          },
          { alg: token.alg, kid: token.kid, verification: token.verification },
        ]
      : [],
    json_lines: 0,
    content: null,
    content_lines: 0,
    header_lines: 0,
    left_out: 0,
    json: closed ? "" : JSON.stringify(body, null, 2),
    header_json: JSON.stringify({ alg: token.alg, typ: "JWT", kid: token.kid }, null, 2),
    claims_source: token.decrypted ? `decryption with pasted key, ${token.alg ?? ""} and A256GCM` : null,
  };
}
