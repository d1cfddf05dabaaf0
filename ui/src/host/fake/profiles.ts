// Profiles of the fake: the lab, and one a user might have saved.
import type {
  Capability,
  Client,
  Discovered,
  Expectations,
  OpenProfile,
  Profile,
  ProfileSummary,
  Resource,
  SecretState,
} from "../../wire/types";
import { GATEWAY, ISSUER, START } from "./tokens";

const CAPABILITIES: Capability[] = [
  { id: "pkce", label: "Login with PKCE S256", support: "supported", source: "advertised", seen_ms: 0 },
  { id: "token-exchange", label: "Token exchange", support: "supported", source: "step 128, 200", seen_ms: START - 60_000 },
  {
    id: "standard-exchange",
    label: "Standard exchange (V2)",
    support: "supported",
    source: "step 128, 200",
    seen_ms: START - 60_000,
  },
  {
    id: "impersonation",
    label: "Impersonation (V1)",
    support: "not_supported",
    source: "step 127, 400 Parameter 'requested_subject' is not supported for standard token exchange",
    seen_ms: START - 90_000,
  },
  { id: "jwt-bearer", label: "JWT bearer grant", support: "unknown", source: "not advertised", seen_ms: 0 },
  { id: "introspection", label: "Introspection", support: "supported", source: "advertised", seen_ms: 0 },
  { id: "revocation", label: "Revocation", support: "supported", source: "advertised", seen_ms: 0 },
  { id: "iss", label: "Issuer in the login answer", support: "supported", source: "advertised", seen_ms: 0 },
  { id: "resource", label: "Resource indicators", support: "not_supported", source: "not advertised", seen_ms: 0 },
];

const client = (client_id: string, some: Partial<Client> = {}): Client => ({
  client_id,
  auth: "client_secret_basic",
  server: "provider",
  note: "",
  plane: "",
  login: false,
  events: false,
  key_id: "",
  signing_alg: "",
  ...some,
});

const NOTHING: Expectations = {
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
  signature: false,
};

const resource = (
  name: string,
  url: string,
  some: Partial<Resource["expectations"]> = {},
  through_gateway = false,
): Resource => ({
  name,
  url,
  through_gateway,
  expectations: {
    ...NOTHING,
    issuer: [ISSUER],
    audience: [name],
    token_type: "Bearer",
    roles_path: `resource_access.${name}.roles`,
    needs_user: true,
    clock_tolerance_s: 5,
    signature: true,
    ...some,
  },
});

export function labProfile(): Profile {
  const oidc = `${ISSUER}/protocol/openid-connect`;
  return {
    id: "lab",
    name: "Lab",
    provider: {
      issuer: ISSUER,
      name: "Lab provider, realm lab",
      dialect: "keycloak",
      endpoints: {
        authorization: `${oidc}/auth`,
        token: `${oidc}/token`,
        introspection: `${oidc}/token/introspect`,
        revocation: `${oidc}/revoke`,
        userinfo: `${oidc}/userinfo`,
        end_session: `${oidc}/logout`,
        jwks: `${oidc}/certs`,
      },
      capabilities: CAPABILITIES,
      scopes: ["openid", "profile", "email", "orders:read", "orders:write"],
      keys: "2, RS256 and ES256",
      read_ms: START - 180_000,
      iss_in_response: true,
      events: "http://127.0.0.1:18080/admin/realms/lab/events",
    },
    gateway: {
      base: GATEWAY,
      name: "Lab gateway",
      dialect: "wso2",
      issuer: `${GATEWAY}/oauth2/token`,
      endpoints: {
        authorization: "",
        token: `${GATEWAY}/oauth2/token`,
        introspection: `${GATEWAY}/oauth2/introspect`,
        revocation: `${GATEWAY}/oauth2/revoke`,
        userinfo: "",
        end_session: "",
        jwks: `${GATEWAY}/oauth2/jwks`,
      },
      activity: `${GATEWAY}/lab/activity`,
      portal: GATEWAY,
      release: "4.7",
    },
    clients: [
      client("frontend", { auth: "none", login: true, note: "public, code with PKCE", plane: "data" }),
      client("portal", { note: "may exchange", plane: "data" }),
      client("gateway", { note: "exchanges at the edge", plane: "data" }),
      client("billing", { note: "may not exchange", plane: "control" }),
      client("orders-api", { note: "reads events", plane: "data", events: true }),
      client("devportal", { server: "gateway", note: "maps users" }),
      client("billing-app", { server: "gateway", note: "application" }),
    ],
    resources: [
      resource("orders-api", "http://127.0.0.1:8090/orders", { roles_all: ["viewer"] }),
      resource("catalog", `${GATEWAY}/catalog`, { needs_user: false, audience: [] }, true),
      resource("orders", `${GATEWAY}/orders`, {}, true),
    ],
    every_api: NOTHING,
    redirect: { host: "127.0.0.1", port: 0, path: "/callback" },
    tls: {
      ca_pem: "-----BEGIN CERTIFICATE-----\nMIIBlabcaLABCALABCALABCALABCALABCALABCALABCALABCA\n-----END CERTIFICATE-----\n",
      pins: [],
      danger_accept_any_certificate: false,
      danger_plain_http: false,
    },
    scopes: ["openid", "profile", "email", "orders:read", "orders:write"],
    simulated: true,
    production: false,
    mark: null,
  };
}

export function ownProfile(): Profile {
  const lab = labProfile();
  return {
    ...lab,
    id: "staging",
    name: "Staging",
    provider: { ...lab.provider, issuer: "https://id.staging.example/realms/shop", name: "Keycloak, realm shop" },
    gateway: null,
    redirect: { host: "localhost", port: 8250, path: "/callback" },
    tls: { ca_pem: "", pins: [], danger_accept_any_certificate: true, danger_plain_http: false },
    simulated: false,
  };
}

export const summary = (profile: Profile, running: boolean): ProfileSummary => ({
  id: profile.id,
  name: profile.name,
  note: profile.simulated ? (running ? "built in, running" : "built in, stopped") : new URL(profile.provider.issuer).host,
  state: profile.simulated && !running ? "unknown" : "supported",
  simulated: profile.simulated,
  mark: profile.mark ?? (profile.id === "lab" ? "ring" : "square"),
  production: profile.production,
  issuers: [profile.provider.issuer, ...(profile.gateway ? [profile.gateway.issuer || profile.gateway.base] : [])],
});

export function opened(profile: Profile): OpenProfile {
  const { host, port, path } = profile.redirect;
  return {
    profile,
    secrets: profile.clients
      .filter((c) => c.auth !== "none")
      .map((c): SecretState => ({
        client_id: c.client_id,
        server: c.server,
        sort: c.auth === "private_key_jwt" ? "key" : "secret",
        issuer:
          c.client_id === "billing-app" ? "" : c.server === "gateway" ? (profile.gateway?.issuer ?? "") : profile.provider.issuer,
        elsewhere: false,
        approved: [],
        saved: c.client_id !== "billing-app",
        place: c.client_id === "billing-app" ? "" : "Saved in the system keychain",
        problem: null,
        saved_ms: c.client_id === "billing-app" ? 0 : START - 86_400_000,
      })),
    elsewhere: [],
    allowed: [],
    redirect_uri: port === 0 && host === "127.0.0.1" ? `http://127.0.0.1/*` : `http://${host}${port ? `:${port}` : ""}${path}`,
    redirect_note: port === 0 ? "Keycloak accepts any port on 127.0.0.1 for it." : "Register exactly this address.",
  };
}

export function discovered(issuer: string, base: Profile | null): Discovered {
  const lab = labProfile();
  const profile: Profile = {
    ...lab,
    id: base?.id ?? "id-example",
    name: base?.name ?? new URL(issuer).host,
    provider: { ...lab.provider, issuer, name: "Keycloak, realm shop", read_ms: Date.now(), events: "" },
    gateway: base?.gateway ?? null,
    clients: base?.clients ?? [client("claimscope", { auth: "none", login: true })],
    resources: base?.resources ?? [],
    every_api: base?.every_api ?? NOTHING,
    redirect: base?.redirect ?? { host: "127.0.0.1", port: 0, path: "/callback" },
    tls: base?.tls ?? { ca_pem: "", pins: [], danger_accept_any_certificate: false, danger_plain_http: false },
    scopes: base?.scopes ?? ["openid", "profile", "email"],
    simulated: false,
    production: base?.production ?? false,
    mark: base?.mark ?? null,
  };
  return { profile, capabilities: CAPABILITIES, moved: [], elsewhere: [], duration_ms: 84, step: 129 };
}
