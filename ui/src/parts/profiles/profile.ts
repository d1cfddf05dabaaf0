// What an empty profile and its parts look like, and the few facts the editor tells from what is typed.
import type { Client, Expectations, Gateway, Profile, Resource } from "../../wire/types";

export function emptyExpectations(): Expectations {
  return {
    issuer: [],
    audience: [],
    token_type: "",
    roles_all: [],
    roles_any: [],
    roles_path: "",
    scope: [],
    claims: [],
    binding: "not_asked",
    needs_user: false,
    max_lifetime_s: 0,
    max_age_s: 0,
    clock_tolerance_s: 0,
    signature: true,
  };
}

/** How checks against what all APIs expect are called. */
export const EVERY_API = "every API";

/** What is expected where nothing is stated at all. */
export function nothingExpected(): Expectations {
  return { ...emptyExpectations(), signature: false };
}

export function emptyClient(): Client {
  return {
    client_id: "",
    auth: "client_secret_basic",
    server: "provider",
    note: "",
    plane: "",
    login: false,
    events: false,
    key_id: "",
    signing_alg: "",
  };
}

export function emptyResource(): Resource {
  return { name: "", url: "", through_gateway: false, expectations: emptyExpectations() };
}

const noEndpoints = { authorization: "", token: "", introspection: "", revocation: "", userinfo: "", end_session: "", jwks: "" };

export function emptyGateway(): Gateway {
  return {
    base: "",
    name: "",
    dialect: "wso2",
    issuer: "",
    endpoints: { ...noEndpoints },
    activity: "",
    portal: "",
    release: "",
  };
}

/** A profile that was never saved; the empty id says so. */
export function newProfile(): Profile {
  return {
    id: "",
    name: "New profile",
    provider: {
      issuer: "",
      name: "",
      dialect: "plain",
      endpoints: { ...noEndpoints },
      capabilities: [],
      scopes: [],
      keys: "",
      read_ms: 0,
      iss_in_response: false,
      events: "",
    },
    gateway: null,
    clients: [{ ...emptyClient(), auth: "none", login: true }],
    resources: [],
    every_api: nothingExpected(),
    redirect: { host: "127.0.0.1", port: 0, path: "/callback" },
    tls: { ca_pem: "", pins: [], danger_accept_any_certificate: false, danger_plain_http: false },
    scopes: ["openid", "profile", "email"],
    simulated: false,
    production: false,
    mark: null,
  };
}

/** How many things a resource insists on; what the list shows beside its name. */
export function expectationCount(wants: Expectations): number {
  const sets = [wants.issuer, wants.audience, wants.roles_all, wants.roles_any, wants.scope, wants.claims];
  const flags = [
    wants.token_type !== "",
    wants.needs_user,
    wants.max_lifetime_s > 0,
    wants.max_age_s > 0,
    wants.signature,
    wants.binding !== "not_asked",
  ];
  return sets.filter((set) => set.length > 0).length + flags.filter(Boolean).length;
}

export function expectationWords(wants: Expectations): string {
  const count = expectationCount(wants);
  if (count === 0) return "none yet";
  return count === 1 ? "1 expectation" : `${String(count)} expectations`;
}

/** Whether plain http to this address stays on the machine. */
export function isLoopback(address: string): boolean {
  try {
    const { hostname } = new URL(address);
    return (
      hostname === "localhost" || hostname.endsWith(".localhost") || hostname === "[::1]" || /^127(\.\d{1,3}){3}$/.test(hostname)
    );
  } catch {
    return false;
  }
}

export const isPlainHttp = (address: string): boolean => address.trim().toLowerCase().startsWith("http://");

export type Section = "provider" | "login" | "clients" | "gateway" | "resources" | "tls" | "events";

export const SECTIONS: { id: Section; title: string }[] = [
  { id: "provider", title: "Identity provider" },
  { id: "login", title: "Login" },
  { id: "clients", title: "Clients" },
  { id: "gateway", title: "Gateway" },
  { id: "resources", title: "Resources" },
  { id: "tls", title: "TLS" },
  { id: "events", title: "Audit events" },
];

/** Where the field a fault names stands, e.g. `provider.issuer` or `clients.0.client_id`. */
export function sectionOf(field: string): Section | null {
  const head = field.split(/[.[]/)[0] ?? "";
  if (field === "issuer" || field === "realm" || field === "name" || (head === "provider" && field !== "provider.events"))
    return "provider";
  if (field === "provider.events" || head === "events") return "events";
  if (head === "redirect" || head === "scopes" || head === "port" || head === "host" || head === "path") return "login";
  if (head === "clients" || head === "client_id") return "clients";
  if (head === "gateway") return "gateway";
  if (head === "resources" || head === "every_api") return "resources";
  if (head === "tls" || head === "ca_pem") return "tls";
  return null;
}

/** Whether server events are read: somebody reads them, at the host the provider is at. */
export function readsEvents(profile: Profile): boolean {
  if (!profile.clients.some((client) => client.events)) return false;
  try {
    return new URL(profile.provider.events).host === new URL(profile.provider.issuer).host;
  } catch {
    return false;
  }
}
