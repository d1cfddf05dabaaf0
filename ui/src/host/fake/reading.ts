// What the fake says about tokens and its journal: comparison, inspection, audit, sequence.
import type { AuditPage, AuditQuery, AuditRow, Cell, ClaimValue, Compared, Group, Inspection, Lane, Member, Row, Sequence, Step, TokenView } from "../../wire/types";
import { REPORT, VERDICTS, exchange, exchanged } from "./steps";
import { START } from "./tokens";

const text = (value: string): ClaimValue => ({ kind: "text", text: value });
const set = (members: string[]): ClaimValue => ({ kind: "set", members });
const time = (epoch: number | null): ClaimValue => (epoch === null ? text("") : { kind: "time", epoch });

/** Claims a token of the fake has, by group. */
function claims(token: TokenView): { id: string; title: string; rows: { path: string; label: string; value: ClaimValue; meaning: string | null }[] }[] {
  const roles = token.client === "portal" ? ["editor"] : ["editor", "viewer"];
  const row = (path: string, value: ClaimValue, meaning: string | null = null, label = path) => ({ path, label, value, meaning });
  return [
    { id: "identity", title: "Identity and requester", rows: [row("sub", text(token.subject ?? ""), "Subject: whom the token is about (RFC 7519 4.1.2)."), row("preferred_username", text(token.who), "A display name. It can change, so do not key on it."), row("azp", text(token.client ?? ""), "Authorized party: the client that holds the token.")] },
    { id: "audience", title: "Audience and scope", rows: [row("aud", set(token.audience), "Audience: who should accept the token (RFC 7519 4.1.3)."), row("scope", set(token.scope), "What the token may be used for (RFC 8693 4.2).")] },
    { id: "roles", title: "Roles", rows: [row("resource_access.orders-api.roles", set(roles), "Client roles of orders-api.", "orders-api"), ...(token.client === "portal" ? [] : [row("realm_access.roles", set(["auditor", "operator"]), "Realm roles.", "realm")])] },
    { id: "lifetime", title: "Lifetime", rows: [row("exp", time(token.expires_at), "Expiry: not to be accepted at or after it (RFC 7519 4.1.4).")] },
    { id: "issuer", title: "Issuer and key", rows: [row("iss", text(token.issuer ?? ""), "Issuer (RFC 7519 4.1.1)."), row("typ", text("Bearer"))] },
    { id: "noise", title: "Noise", rows: [row("jti", text(token.jti ?? ""), "Unique id of the token."), row("iat", time(token.issued_at)), row("sid", text(token.session ?? ""))] },
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
    return { kind: "members", members: [...kept, ...value.members.filter((m) => !other.includes(m)).map((m): Member => ({ text: m, mark }))] };
  });
}

export function compare(tokens: TokenView[], resource: string | null): Compared {
  const all = tokens.map(claims);
  const groups = (all[0] ?? []).map((group): Group => {
    const paths = [...new Map(all.flatMap((one) => one.find((g) => g.id === group.id)?.rows ?? []).map((row) => [row.path, row])).values()];
    const rows = paths.map((row): Row => {
      const values = all.map((one) => one.find((g) => g.id === group.id)?.rows.find((r) => r.path === row.path)?.value);
      const [a, b] = [values[0], values.at(-1)];
      const same = plain(a) === plain(b);
      const [gone, come] = [members(a).length, members(b).length];
      const change = same ? "same" : b === undefined ? "removed" : a === undefined ? "added" : a.kind === "set" ? (come < gone ? "narrowed" : "widened") : row.path === "exp" ? "outlives" : "replaced";
      const list = cells(values);
      const failed = row.path === "resource_access.orders-api.roles" && !members(b).includes("viewer") && resource !== "catalog";
      const lastCell = list.at(-1);
      if (failed && lastCell) {
        const kept: Member[] = members(b).map((m) => ({ text: m, mark: "kept" }));
        list[list.length - 1] = { kind: "members", members: [...kept, { text: "viewer", mark: "missing" }] };
      }
      return { path: row.path, label: row.label, cells: list, change, change_text: change === "same" ? "same" : change === "outlives" ? "outlives +7 s" : a?.kind === "set" ? `${change} ${gone} → ${come}` : change, meaning: row.meaning, failed_check: failed };
    });
    const changed = rows.filter((row) => row.change !== "same").length;
    return { id: group.id, title: group.title, summary: changed === 0 ? `${rows.map((row) => row.label).join(", ")}: all the same` : `${changed} of ${rows.length} changed`, folded: changed === 0 || group.id === "noise", rows };
  });
  const rows = groups.flatMap((group) => group.rows);
  const issued = tokens.at(-1)?.client === "portal";
  return {
    comparison: {
      columns: tokens, groups, rows: rows.length, changes: rows.filter((row) => row.change !== "same").length,
      verdicts: [...VERDICTS, { id: "binding", label: "Binding", tone: "none", word: "none", rest: "", paths: [] }],
      findings: issued ? [{ id: "outlives-subject", severity: "warning", title: "Outlives its subject token by 7 s", detail: "It stays valid after the token it was made from has expired.", rfc: null, path: "claims.exp" }] : [],
    },
    report: resource === "catalog" ? { ...REPORT, resource, answer: 200, headline: "catalog would answer 200", first_failure: null, checks: REPORT.checks.filter((c) => c.outcome === "pass") } : REPORT,
    resources: ["orders-api", "catalog", "orders"],
    step: issued ? exchanged(128) : null,
  };
}

export function inspect(token: TokenView): Inspection {
  const groups = claims(token);
  const body = Object.fromEntries(groups.flatMap((g) => g.rows.map((row) => [row.path, row.value.kind === "set" ? row.value.members : row.value.kind === "time" ? row.value.epoch : row.value.text])));
  const bad = token.verification.state === "bad_signature";
  return {
    token,
    groups: token.format === "opaque" ? [] : groups,
    header: [{ path: "alg", label: "alg", value: text(token.alg ?? ""), meaning: "Signature algorithm." }, { path: "kid", label: "kid", value: text(token.kid ?? ""), meaning: "Which key signed it." }, { path: "typ", label: "typ", value: text("JWT"), meaning: null }],
    findings: bad
      ? [{ id: "signature", severity: "error", title: "Signature does not fit", detail: "Somebody changed the content after it was signed. Nothing in it can be relied on.", rfc: "RFC 7515 5.2", path: null }]
      : token.findings > 0
        ? [{ id: "outlives-subject", severity: "warning", title: "Outlives its subject token by 7 s", detail: "It stays valid after the token it was made from has expired.", rfc: null, path: "claims.exp" }, { id: "no-act", severity: "note", title: "No act claim", detail: "Only azp and the server event tell that portal acts for alice.", rfc: "RFC 8693 4.1", path: null }]
        : [],
    json: token.format === "opaque" ? "" : JSON.stringify(body, null, 2),
    header_json: JSON.stringify({ alg: token.alg, typ: "JWT", kid: token.kid }, null, 2),
    claims_source: null,
  };
}

export function audit(steps: Step[], query: AuditQuery): AuditPage {
  const rows = steps.flatMap((step): AuditRow[] => [
    { key: `step:${step.id}`, time_ms: step.started_ms, step: step.id, is_event: false, operation: step.title, subject: step.subject, client: step.client, audience: step.audience, outcome: step.outcome, outcome_text: step.words?.error ? `${step.status} ${step.words.error}` : step.status ? String(step.status) : "no answer", joined_by: null, duration_us: step.duration_us },
    ...step.events.map((event): AuditRow => ({ key: `event:${event.id}`, time_ms: event.time_ms, step: step.id, is_event: true, operation: event.event_type, subject: event.username, client: event.client, audience: event.audience, outcome: event.error ? "refused" : "success", outcome_text: event.error ?? "", joined_by: event.joined_by, duration_us: null })),
  ]);
  const is: Record<string, (row: AuditRow) => boolean> = {
    logins: (row) => row.operation === "Log in",
    exchanges: (row) => /exchange/i.test(row.operation),
    errors: (row) => row.outcome === "refused" || row.outcome === "failed",
    server_events: (row) => row.is_event,
  };
  const found = rows.filter((row) => {
    const words = `${row.operation} ${row.subject} ${row.client} ${row.audience} ${row.outcome_text}`.toLowerCase();
    const lineage = query.lineage === null || steps.some((s) => s.id === row.step && [...s.tokens_in, ...s.tokens_out].includes(query.lineage ?? ""));
    return words.includes(query.search.toLowerCase()) && lineage && (query.chips.length === 0 || query.chips.some((chip) => is[chip]?.(row)));
  });
  const inTime = found.filter((row) => (query.from_ms === null || row.time_ms >= query.from_ms) && (query.to_ms === null || row.time_ms < query.to_ms));
  const bin_ms = 2_000;
  const from = START - 40_000;
  const bins = Array.from({ length: 20 }, (_, i) => {
    const here = found.filter((row) => row.time_ms >= from + i * bin_ms && row.time_ms < from + (i + 1) * bin_ms);
    return { from_ms: from + i * bin_ms, steps: here.filter((r) => !r.is_event).length, events: here.filter((r) => r.is_event).length, errors: here.filter((r) => r.outcome !== "success").length };
  });
  return { rows: inTime.slice(query.offset, query.offset + query.limit), matching: inTime.length, total: rows.length, chips: Object.entries(is).map(([chip, test]) => ({ chip, count: rows.filter(test).length })), bins, bin_ms };
}

const LANES: Lane[] = [
  { actor: "browser", name: "User", note: "browser" },
  { actor: "claimscope", name: "Claimscope", note: "this app" },
  { actor: "gateway", name: "Gateway", note: "8243" },
  { actor: "portal", name: "Portal", note: "9443" },
  { actor: "provider", name: "Provider", note: "18080" },
  { actor: "api", name: "orders-api", note: "8090" },
];

export function sequence(steps: Step[]): Sequence {
  const loop = [...steps].reverse();
  const scenes = loop.map((step) => ({ step: step.id, title: step.title, arrows: step.exchanges.map((one) => ({ step: step.id, exchange: one })) }));
  scenes.push({ step: 129, title: "Call as the user", arrows: [exchange(1, "claimscope", "gateway", "GET /orders", 200, 79_000), exchange(2, "gateway", "provider", "POST /token, token-exchange", 200, 52_000, { reported: true }), exchange(3, "gateway", "api", "GET /orders, exchanged token", 200, 9_000, { reported: true })].map((one) => ({ step: 129, exchange: one })) });
  const count = scenes.reduce((sum, scene) => sum + scene.arrows.length, 0);
  return { lanes: LANES, scenes, summary: `${count} exchanges in 6.7 s, one refused` };
}
