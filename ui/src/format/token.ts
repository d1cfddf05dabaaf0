// How a token's standing is said. The backend decides validity; here only its expiry is compared with the clock.
import type { IconName } from "../kit/icons";
import type { TokenView } from "../wire/types";
import { clock, roughly } from "./duration";

export type Standing = "valid" | "expiring" | "expired" | "bad" | "unverified";

export interface TokenState {
  standing: Standing;
  /** Class that sets ink, tint and mark. */
  tone: "valid" | "expiring" | "expired" | "failed" | "unverified";
  icon: IconName;
  /** The state in a word or two, never left to colour. */
  word: string;
  /** Short text at the right edge of the shelf. */
  life: string;
  /** When it expired, for where there is room. */
  since?: string;
}

/** Seconds before expiry from which a token counts as expiring. */
export const SOON = 60;

export function tokenState(token: TokenView, now: number): TokenState {
  const left = token.expires_at === null ? null : token.expires_at - now / 1000;
  const life = token.evidence_only
    ? "evidence"
    : left === null
      ? token.format === "opaque"
        ? "opaque"
        : "no expiry"
      : clock(left);
  if (token.verification.state === "bad_signature") return bad("signature bad");
  if (token.verification.state === "unsecured") return bad("not signed");
  if (token.active === false)
    return { standing: "expired", tone: "expired", icon: "expired", word: "not active", life: "not active" };
  if (left !== null && left <= 0) {
    return {
      standing: "expired",
      tone: "expired",
      icon: "expired",
      word: "expired",
      life: token.evidence_only ? "evidence" : "expired",
      since: `expired ${roughly(-left)} ago`,
    };
  }
  // The server's word stands for a signature only where there is none to check, and only while the token is there to be used.
  const vouched = token.active === true && !token.evidence_only && (token.format === "opaque" || token.format === "jwe");
  if (token.verification.state === "unverifiable" && !vouched)
    return { standing: "unverified", tone: "unverified", icon: "unverified", word: "unverified", life };
  if (left !== null && left <= SOON) return { standing: "expiring", tone: "expiring", icon: "expiring", word: "expiring", life };
  return {
    standing: "valid",
    tone: "valid",
    icon: "valid",
    word: token.verification.state === "verified" ? "valid" : "active",
    life,
  };
}

function bad(word: string): TokenState {
  return { standing: "bad", tone: "failed", icon: "bad", word, life: word };
}

/** `access`, `ID token`, `refresh`: what the token is for. */
export function kindWord(token: TokenView): string {
  return { access: "access", id: "ID token", refresh: "refresh", other: "token" }[token.kind];
}
