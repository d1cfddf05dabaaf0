import { describe, expect, it } from "vitest";
import { token } from "../../host/fake/tokens";
import type { TokenView, Verification } from "../../wire/types";
import { aboutToken, trustOf } from "./trust";

const with_ = (verification: Verification, some: Partial<TokenView> = {}) => token("t", { verification, ...some });
const unverifiable: Verification = { state: "unverifiable", reason: "No profile names this issuer." };

describe("who vouches for a token", () => {
  it("a key does, and then nothing warns", () => {
    expect(trustOf(token("t", {}), null)).toMatchObject({
      word: "verified",
      vouched: true,
      banner: null,
      result: "verified with the issuer's key",
    });
  });

  it.each<[string, string | null, string]>([
    ["https://id.example.org/certs", "https://id.example.org/realms/shop", "the issuer's key"],
    ["https://www.googleapis.com/oauth2/v3/certs", "https://accounts.google.com", "a key from www.googleapis.com"],
    ["http://localhost:9777/jwks", "https://id.example.org", "a key from localhost:9777"],
    ["https://id.example.org/certs", null, "a key from id.example.org"],
    ["https://id.example.org/certs", "no address", "a key from id.example.org"],
    ["pasted key", "https://id.example.org", "pasted key"],
  ])("a key of %s for a token of %s is %s", (source, issuer, words) => {
    const verified: Verification = { state: "verified", key: { kid: "k", alg: "RS256", kind: "RSA", source, read_ms: 0 } };
    expect(trustOf(with_(verified, { issuer }), null).result).toBe(`verified with ${words}`);
  });

  it.each<[string, TokenView]>([
    ["refused", with_({ state: "unsecured" })],
    ["warning", with_(unverifiable)],
    ["neutral", with_(unverifiable, { evidence_only: true })],
  ])("nobody does: %s banner, claims do not look like facts", (tone, shown) => {
    const trust = trustOf(shown, null);
    expect(trust.vouched).toBe(false);
    expect(trust.banner?.tone).toBe(tone);
    expect(trust.word).not.toBe("verified");
  });

  it("nobody does for an encrypted token, opened or not", () => {
    expect(trustOf(with_(unverifiable, { format: "jwe" }), null)).toMatchObject({
      word: "encrypted",
      vouched: false,
      banner: null,
    });
    const opened = trustOf(
      with_(unverifiable, { format: "jwe", decrypted: true }),
      "decryption with pasted key, dir and A128GCM",
    );
    expect(opened).toMatchObject({ word: "decrypted", vouched: false, banner: { tone: "info" } });
    expect(
      trustOf(with_(unverifiable, { format: "jwe", decrypted: true, evidence_only: true }), "decryption with pasted key").banner
        ?.tone,
    ).toBe("neutral");
  });

  it("a bad signature says the core's reason", () => {
    const bad = with_({
      state: "bad_signature",
      key: { kid: "", alg: "RS256", kind: "RSA 2048", source: "pasted key", read_ms: null },
      reason: "Changed after signing.",
    });
    expect(trustOf(bad, null)).toMatchObject({
      word: "bad",
      vouched: false,
      banner: { tone: "refused", detail: "Changed after signing." },
    });
  });

  it("the server does for an opaque token, unless it calls it inactive", () => {
    const opaque = with_(unverifiable, { format: "opaque", active: true });
    expect(trustOf(opaque, "introspection at https://id.example")).toMatchObject({
      word: "active",
      vouched: true,
      banner: { tone: "info" },
    });
    expect(trustOf({ ...opaque, active: false }, "introspection at https://id.example")).toMatchObject({
      word: "not active",
      vouched: false,
      banner: { tone: "refused" },
    });
    expect(trustOf({ ...opaque, active: null }, null)).toMatchObject({ word: "opaque", banner: null });
  });
});

describe("a token in words", () => {
  it.each<[Partial<TokenView>, string]>([
    [{ label: "portal → orders-api" }, "access token, portal → orders-api"],
    [{ label: "alice", note: "frontend" }, "access token, frontend"],
    [{ label: "reference", format: "opaque" }, "opaque access token, reference"],
    [{ label: "x", format: "jwe", kind: "id" }, "encrypted ID token, x"],
  ])("%o", (some, words) => {
    expect(aboutToken(token("t", some))).toBe(words);
  });
});
