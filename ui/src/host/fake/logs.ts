// A server log as the fake knows it: some hundred records made by a rule, filtered plainly.
import type {
  Fault,
  LogFacet,
  LogLine,
  LogPage,
  LogQuery,
  LogRow,
  LogSource,
  LogState,
  MetricSeries,
  Metrics,
  PathChoice,
} from "../../wire/types";
import { START } from "./tokens";

const TYPES = ["LOGIN", "CODE_TO_TOKEN", "TOKEN_EXCHANGE", "TOKEN_EXCHANGE_ERROR", "REFRESH_TOKEN", "CLIENT_LOGIN"];
const CLIENTS = ["frontend", "portal", "billing", "gateway"];
const USERS = ["alice", "bob", "carol"];
const PATH = "/var/log/keycloak/keycloak.log";

export const EMPTY: LogState = {
  phase: "empty",
  version: 0,
  files: [],
  bytes_read: 0,
  bytes_total: 0,
  lines: 0,
  records: 0,
  events: 0,
  attached: 0,
  remarks: [],
  problem: null,
  zone_minutes: 0,
  zoneless: false,
  zone_found: false,
  joined: 0,
  memory: 0,
  following: false,
  metrics: null,
};

function made(index: number): LogRow {
  const time_ms = START - (400 - index) * 7_000;
  const base = {
    row: index,
    file: 0,
    line: index * 2 + 1,
    lines: 1,
    time_ms,
    client: null,
    user: null,
    error: null,
    step: null,
    joined_by: null,
  };
  if (index % 23 === 11)
    return {
      ...base,
      lines: 14,
      level: "error",
      kind: "server",
      event_type: "KeycloakErrorHandler",
      text: "Uncaught server error: java.lang.IllegalStateException: Session not bound to a realm",
    };
  if (index % 9 === 4)
    return {
      ...base,
      level: "info",
      kind: "server",
      event_type: "DefaultCacheManager",
      text: "ISPN000128: Infinispan version: Infinispan 16.0.5",
    };
  const event_type = TYPES[index % TYPES.length] ?? "LOGIN";
  const failed = event_type.endsWith("_ERROR");
  const row: LogRow = {
    ...base,
    level: failed ? "warn" : "debug",
    kind: "user_event",
    event_type,
    client: CLIENTS[index % CLIENTS.length] ?? null,
    user: event_type === "CLIENT_LOGIN" ? null : (USERS[index % USERS.length] ?? null),
    error: failed ? "not_allowed" : null,
    text: failed
      ? "reason=client is not within the token audience  auth_method=token_exchange  grant_type=urn:ietf:params:oauth:grant-type:token-exchange"
      : `token_id=onrtac:0f5c${String(index)}  grant_type=authorization_code  scope=openid profile email`,
  };
  return index === 398
    ? { ...row, step: 12, joined_by: "token_id" }
    : index === 396
      ? { ...row, step: 11, joined_by: "client_and_time" }
      : row;
}
const ROWS = Array.from({ length: 400 }, (_, index) => made(index));

function series(event: string, client: string, count: number, error = ""): MetricSeries {
  return { event, error, realm: "platform", client, idp: "", count };
}
const METRICS: Metrics = {
  series: [
    series("login", "frontend", 1240),
    series("token_exchange", "portal", 816),
    series("refresh_token", "frontend", 512),
    series("token_exchange", "billing", 96, "not_allowed"),
    series("login", "frontend", 41, "invalid_user_credentials"),
    series("client_login", "gateway", 33),
  ],
  clients: [
    { name: "frontend", succeeded: 1752, failed: 41 },
    { name: "portal", succeeded: 816, failed: 0 },
    { name: "billing", succeeded: 0, failed: 96 },
    { name: "gateway", succeeded: 33, failed: 0 },
  ],
  events: [
    { name: "login", succeeded: 1240, failed: 41 },
    { name: "token_exchange", succeeded: 816, failed: 96 },
    { name: "refresh_token", succeeded: 512, failed: 0 },
    { name: "client_login", succeeded: 33, failed: 0 },
  ],
  errors: [
    { name: "not_allowed", succeeded: 0, failed: 96 },
    { name: "invalid_user_credentials", succeeded: 0, failed: 41 },
  ],
  others: 214,
  remarks: [],
};

const faultOf = (id: string, message: string, advice: string): Fault => ({
  kind: "input",
  id,
  message,
  advice,
  field: "log",
  step: null,
});

/** The log of one fake host; `pace` is how long its reading takes, 0 in tests. */
export function fakeLogs(pace: number) {
  let state: LogState = EMPTY;
  let began = 0;

  function now(): LogState {
    if (state.phase !== "reading") return state;
    const share = Math.min(1, (Date.now() - began) / Math.max(1, pace * 4));
    const read = Math.floor(ROWS.length * share);
    state = {
      ...state,
      version: state.version + 1,
      phase: share === 1 ? "ready" : "reading",
      bytes_read: Math.floor(state.bytes_total * share),
      lines: read * 2 + 37,
      records: read,
      events: Math.floor(read * 0.85),
      joined: share === 1 ? 2 : 0,
      zone_found: share === 1,
      zone_minutes: share === 1 ? 60 : 0,
    };
    return state;
  }

  function matching(query: LogQuery, but: string[] = []): LogRow[] {
    const words = query.search
      .toLowerCase()
      .split(" ")
      .filter((word) => word !== "");
    const is = (name: string, wanted: string | null, value: string | null) =>
      but.includes(name) || wanted === null || wanted === value;
    return ROWS.slice(0, now().records).filter((row) => {
      const text = `${row.event_type} ${row.client ?? ""} ${row.user ?? ""} ${row.error ?? ""} ${row.text}`.toLowerCase();
      const event = row.kind === "user_event";
      const chips: Record<string, boolean> = {
        events: event,
        errors: row.error !== null || row.level === "error",
        joined: row.step !== null,
        others: !event,
      };
      return (
        words.every((word) => text.includes(word.replace(/^(type|client|user|error):/, ""))) &&
        is("types", query.event_type, row.event_type) &&
        is("clients", query.client, row.client) &&
        is("users", query.user, row.user) &&
        is("errors", query.error, row.error) &&
        (query.step === null || query.step === row.step) &&
        (but.includes("chips") || query.chips.length === 0 || query.chips.some((chip) => chips[chip])) &&
        (but.includes("range") || (row.time_ms >= (query.from_ms ?? -Infinity) && row.time_ms < (query.to_ms ?? Infinity)))
      );
    });
  }

  function facet(rows: LogRow[], value: (row: LogRow) => string | null): LogFacet[] {
    const counts = new Map<string, number>();
    for (const one of rows.map(value)) if (one !== null) counts.set(one, (counts.get(one) ?? 0) + 1);
    return [...counts].map(([name, count]) => ({ value: name, count })).sort((a, b) => b.count - a.count);
  }

  return {
    open(source: LogSource): LogState {
      if (source.what === "files" && source.paths.some((path) => path.includes("missing")))
        throw faultOf("no-such-file", `There is no file ${source.paths[0] ?? ""}.`, "Check the path; Tab completes it.");
      if (source.what === "files" && source.paths.some((path) => path.endsWith(".gz")))
        throw faultOf(
          "unreadable",
          "keycloak.log.gz cannot be read as a log. This file is compressed.",
          "Unpack it first, then open the log inside.",
        );
      const path = source.what === "files" ? (source.paths[0] ?? "") : "";
      const files = [{ name: path === "" ? "pasted text" : (path.split("/").at(-1) ?? path), path, bytes: 184_300_112 }];
      began = Date.now();
      const version = state.version + 1;
      state = path.includes("metrics")
        ? { ...EMPTY, version, files, phase: "ready", metrics: METRICS }
        : { ...EMPTY, version, files, phase: "reading", bytes_total: 184_300_112, zoneless: true };
      return now();
    },
    state: now,
    page(query: LogQuery): LogPage {
      const rows = matching(query).reverse();
      const free = matching(query, ["chips"]);
      const bins = new Map<number, { events: number; steps: number; errors: number }>();
      for (const row of matching(query, ["range"])) {
        const from = Math.floor(row.time_ms / 30_000) * 30_000;
        const bin = bins.get(from) ?? { events: 0, steps: 0, errors: 0 };
        bins.set(from, {
          events: bin.events + (row.kind === "user_event" ? 1 : 0),
          steps: bin.steps + (row.kind === "user_event" ? 0 : 1),
          errors: bin.errors + (row.error === null && row.level !== "error" ? 0 : 1),
        });
      }
      const events = free.filter((row) => row.kind === "user_event").length;
      return {
        version: state.version,
        rows: rows.slice(query.offset, query.offset + query.limit),
        matching: rows.length,
        total: now().records,
        chips: [
          { chip: "events", count: events },
          { chip: "errors", count: free.filter((row) => row.error !== null || row.level === "error").length },
          { chip: "joined", count: free.filter((row) => row.step !== null).length },
          { chip: "others", count: free.length - events },
        ],
        types: facet(matching(query, ["types"]), (row) => row.event_type),
        clients: facet(matching(query, ["clients"]), (row) => row.client),
        users: facet(matching(query, ["users"]), (row) => row.user),
        errors: facet(matching(query, ["errors"]), (row) => row.error),
        bins: [...bins].map(([from_ms, bin]) => ({ from_ms, ...bin })),
        bin_ms: 30_000,
        took_us: 900,
      };
    },
    line(index: number): LogLine {
      const row = ROWS[index];
      if (row === undefined) throw faultOf("no-such-line", "This line is not in the open log.", "Choose another line.");
      const head = `${new Date(row.time_ms).toISOString().replace("T", " ").replace(".", ",").slice(0, 23)} ${(row.level ?? "info").toUpperCase()}`;
      if (row.kind === "server")
        return {
          row,
          file: "keycloak.log",
          logger: "org.keycloak.services.error.KeycloakErrorHandler",
          text: [
            `${head} [org.keycloak.services.error.KeycloakErrorHandler] (executor-thread-4) ${row.text}`,
            ...Array.from(
              { length: row.lines - 1 },
              (_, at) => `\tat org.keycloak.services.Thing${String(at)}.run(Thing.java:${String(at * 7 + 12)})`,
            ),
          ],
          hidden: 0,
          fields: [],
        };
      const fields = [
        ["type", row.event_type],
        ["realmId", "5c1f4a9e"],
        ["realmName", "platform"],
        ["clientId", row.client ?? "null"],
        ["userId", "7c57f0a1-52d4-4d6e-9f3c-1d2e498d0b7a"],
        ["sessionId", "gk2WZ4m0aVfJ9c0yq1LJ8Zk3"],
        ["ipAddress", "10.0.0.7"],
        ...(row.error === null
          ? [["token_id", `onrtac:0f5c${String(index)}`]]
          : [
              ["error", row.error],
              ["reason", "client is not within the token audience"],
            ]),
        ["username", row.user ?? "null"],
      ];
      return {
        row,
        file: "keycloak.log",
        logger: "org.keycloak.events",
        text: [
          `${head} [org.keycloak.events] (executor-thread-1) ${fields.map(([name, value]) => `${name ?? ""}="${value ?? ""}"`).join(", ")}`,
        ],
        hidden: 0,
        fields: fields.map(([name, value]) => ({ name: name ?? "", value: value ?? "" })),
      };
    },
    stop(): LogState {
      if (now().phase === "reading") state = { ...state, phase: "stopped" };
      return (state = { ...state, following: false });
    },
    follow: (on: boolean): LogState => (state = { ...now(), following: on }),
    close: () => (state = { ...EMPTY, version: state.version + 1 }),
    join: (zone: number | null) =>
      (state = {
        ...state,
        version: state.version + 1,
        zone_minutes: zone ?? state.zone_minutes,
        zone_found: zone === null && state.zone_found,
      }),
    complete: (text: string): PathChoice[] =>
      [
        { path: "/var/log/keycloak/archive/", name: "archive", folder: true, bytes: 0 },
        { path: PATH, name: "keycloak.log", folder: false, bytes: 184_300_112 },
        { path: "/var/log/keycloak/metrics.txt", name: "metrics.txt", folder: false, bytes: 41_220 },
      ].filter((choice) => choice.path.startsWith(text)),
  };
}
