// The shelf of the fake: the same tokens the lab would issue, with clocks that run from the moment of loading.
import type { KeyEvidence, TokenView } from "../../wire/types";

export const START = Date.now();
export const ISSUER = "http://127.0.0.1:18080/realms/lab";
export const GATEWAY = "https://127.0.0.1:8243";
export const KEY: KeyEvidence = {
  kid: "7fXw2Jq0bT9nD1v5kM8sYzL4cR6aU3gPhVnWtE3Qw",
  alg: "RS256",
  kind: "RSA 2048",
  source: `${ISSUER}/protocol/openid-connect/certs`,
  read_ms: START - 9_000,
};
const SUB = "7c57d1f0-3a52-4c8e-9e61-b2a7f04e498d";

/** Seconds since the epoch, `offset` from loading. */
export const at = (offset: number): number => Math.floor(START / 1000) + offset;

export function token(id: string, some: Partial<TokenView>): TokenView {
  return {
    id,
    label: "access",
    note: "frontend",
    group: "alice",
    shelf: { kind: "person", name: some.who ?? "alice" },
    who: "alice",
    kind: "access",
    format: "jws",
    verification: { state: "verified", key: KEY },
    parent: null,
    step: 126,
    obtained: "log_in",
    origin: "log in by frontend",
    issuer: ISSUER,
    client: "frontend",
    subject: SUB,
    audience: [],
    scope: [],
    jti: `onrtac:${id}-3b5ad17b`,
    session: "Qm9x2Lw8Tz1VdR4kYpN7hA3s",
    issued_at: at(-9),
    expires_at: at(291),
    size: 1312,
    alg: "RS256",
    kid: KEY.kid,
    evidence_only: false,
    active: null,
    decrypted: false,
    provenance: { profile: "lab", name: "Lab", issuer: ISSUER },
    simulated: true,
    findings: 0,
    ...some,
  };
}

/** Tokens of rarer kinds, for `?fake=odd`: encrypted, decrypted, signed by several. */
export function odd(): TokenView[] {
  const pasted = {
    group: "Pasted",
    shelf: { kind: "pasted" as const },
    step: null,
    obtained: "pasted" as const,
    origin: "the clipboard",
    simulated: false,
    issuer: null,
    jti: null,
    session: null,
  };
  const closed = "The token is encrypted. Give the key it was encrypted for, then its content can be read.";
  return [
    token("t-jwe", {
      ...pasted,
      label: "token",
      note: "",
      who: "unknown",
      kind: "other",
      format: "jwe",
      alg: "RSA-OAEP-256",
      kid: "enc-1",
      verification: { state: "unverifiable", reason: closed },
      client: null,
      subject: null,
      expires_at: null,
      issued_at: null,
      size: 1724,
      findings: 0,
    }),
    token("t-opened", {
      ...pasted,
      label: "alice",
      format: "jwe",
      alg: "ECDH-ES+A256KW",
      kid: "enc-2",
      decrypted: true,
      verification: {
        state: "unverifiable",
        reason: "Whoever has the key for encryption could have written these claims. The content carries no signature.",
      },
    }),
    token("t-several", {
      ...pasted,
      label: "alice",
      alg: "HS256",
      verification: {
        state: "verified",
        key: {
          kid: "018c0ae5-4d9b-471b-bfd6-eef314bc7037",
          alg: "HS256",
          kind: "shared secret 256",
          source: "pasted key",
          read_ms: null,
        },
      },
    }),
  ];
}

const scope = ["openid", "profile", "email", "orders:read", "orders:write"];

export const ACCESS = token("t-access", { audience: ["frontend", "portal", "orders-api"], scope });
export const ISSUED = token("t-issued", {
  label: "portal → orders-api",
  note: "",
  parent: "t-access",
  step: 128,
  obtained: "exchanged",
  origin: "token exchange by portal",
  client: "portal",
  audience: ["orders-api"],
  scope: ["profile", "orders:write"],
  issued_at: at(-2),
  expires_at: at(298),
  size: 1104,
  findings: 1,
});
const wso2 = {
  issuer: `${GATEWAY}/oauth2/token`,
  alg: "RS256",
  kid: "gateway-1",
  verification: { state: "verified" as const, key: { ...KEY, kid: "gateway-1", source: `${GATEWAY}/oauth2/jwks` } },
};

export function shelf(): TokenView[] {
  return [
    ACCESS,
    token("t-user", {
      label: "WSO2 user",
      note: "devportal",
      parent: "t-access",
      step: 127,
      obtained: "asserted",
      origin: "jwt-bearer exchange",
      ...wso2,
      client: "devportal",
      expires_at: at(3594),
      scope: ["orders:read"],
    }),
    token("t-id", { label: "id token", kind: "id", audience: ["frontend"] }),
    token("t-refresh", {
      label: "refresh",
      kind: "refresh",
      expires_at: at(1791),
      verification: { state: "verified", key: KEY },
      alg: "HS512",
    }),
    token("t-app", {
      label: "billing-app",
      note: "WSO2",
      group: "Applications",
      shelf: { kind: "applications" },
      who: "billing-app",
      ...wso2,
      subject: "billing-app",
      client: "billing-app",
      expires_at: at(3571),
      obtained: "client_credentials",
      origin: "client credentials",
      step: 125,
    }),
    token("t-ref", {
      label: "billing-app",
      note: "reference",
      group: "Applications",
      shelf: { kind: "applications" },
      who: "billing-app",
      format: "opaque",
      obtained: "client_credentials",
      origin: "client credentials",
      ...wso2,
      alg: null,
      kid: null,
      verification: { state: "unverifiable", reason: "It is opaque: only its server can say what it means. Introspect it." },
      expires_at: null,
      issued_at: null,
      jti: null,
      subject: null,
      size: 36,
      step: 124,
    }),
    token("t-batch", {
      label: "orders-batch",
      note: "service",
      group: "Applications",
      shelf: { kind: "applications" },
      who: "orders-batch",
      client: "orders-batch",
      subject: "service-account-orders-batch",
      expires_at: at(42),
      obtained: "client_credentials",
      origin: "client credentials",
      step: 120,
    }),
    token("t-bob", {
      label: "bob",
      note: "mobile-app",
      group: "Pasted",
      shelf: { kind: "pasted" },
      who: "bob",
      client: "mobile-app",
      expires_at: at(-7300),
      issued_at: at(-7600),
      step: null,
      obtained: "pasted",
      origin: "the clipboard",
      simulated: false,
    }),
    token("t-bad", {
      label: "alice",
      note: "frontend",
      group: "Pasted",
      shelf: { kind: "pasted" },
      verification: {
        state: "bad_signature",
        key: KEY,
        reason: "The signature does not fit the content. Somebody changed it after it was signed.",
      },
      step: null,
      obtained: "pasted",
      origin: "the clipboard",
      findings: 1,
      simulated: false,
    }),
  ];
}
