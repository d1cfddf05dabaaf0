// Who vouches for the claims of a token. An unverified token never looks verified: this one table
// decides words, glyph and the dashed rule, from what the core found.
import type { IconName } from "../../kit/icons";
import type { Inspection, TokenView } from "../../wire/types";

export interface Trust {
  /** Short word under Signature. */
  word: string;
  /** Words of the row Result. */
  result: string;
  glyph: IconName;
  ink: "valid" | "failed" | "unverified" | "warning";
  /** Whether the claims may look like facts. */
  vouched: boolean;
  /** The banner that stays; none when a key vouches. */
  banner: { tone: "refused" | "warning" | "neutral" | "info"; title: string; detail: string } | null;
}

export function trustOf(token: TokenView, claimsSource: string | null): Trust {
  const state = token.verification;
  switch (state.state) {
    case "verified":
      return {
        word: "verified",
        result: resultOf(state.key.source, token.issuer),
        glyph: "valid",
        ink: "valid",
        vouched: true,
        banner: evidence(token),
      };
    case "bad_signature":
      return {
        word: "bad",
        result: "does not match",
        glyph: "bad",
        ink: "failed",
        vouched: false,
        banner: { tone: "refused", title: "The signature does not match. Do not believe these claims.", detail: state.reason },
      };
    case "unsecured":
      return {
        word: "none",
        result: "not signed",
        glyph: "bad",
        ink: "failed",
        vouched: false,
        banner: {
          tone: "refused",
          title: "This token is not signed. Anybody could have written these claims.",
          detail: "Its alg is none or it has no signature part; an API that accepts it accepts everybody (RFC 8725 3.2).",
        },
      };
    case "unverifiable":
      return unverifiable(token, state.reason, claimsSource);
  }
}

function unverifiable(token: TokenView, reason: string, claimsSource: string | null): Trust {
  const base = { word: "not checked", result: "not checked", glyph: "unverified" as const, ink: "unverified" as const };
  if (token.decrypted && !token.evidence_only) {
    return {
      ...base,
      word: "decrypted",
      result: "decrypted, nobody signed it",
      vouched: false,
      banner: { tone: "info", title: "Decrypted with the key you gave. Nobody vouches for these claims.", detail: reason },
    };
  }
  if (claimsSource !== null && !token.decrypted) {
    return {
      ...base,
      word: activeWord(token),
      result: "no signature to check",
      vouched: token.active !== false,
      banner: {
        tone: token.active === false ? "refused" : "info",
        title:
          token.active === false
            ? "The server says this token is not active."
            : "These claims are the server's answer, not the token's text.",
        detail: `They come from ${claimsSource}.${token.evidence_only ? " They are kept as evidence; the token's text is gone." : ""}`,
      },
    };
  }
  if (token.format === "jwe" && !token.evidence_only)
    return { ...base, word: "encrypted", result: "encrypted, nothing to check yet", vouched: false, banner: null };
  if (token.format === "opaque") return { ...base, word: "opaque", result: "no signature to check", vouched: true, banner: null };
  if (token.evidence_only)
    return {
      ...base,
      vouched: false,
      banner: {
        tone: "neutral",
        title: "Only decoded evidence is left of this token.",
        detail: `${reason} It can be compared and checked, not sent.`,
      },
    };
  return { ...base, vouched: false, banner: { tone: "warning", title: "Nobody vouches for these claims.", detail: reason } };
}

function evidence(token: TokenView): Trust["banner"] {
  if (!token.evidence_only) return null;
  return {
    tone: "neutral",
    title: "Only decoded evidence is left of this token.",
    detail: "Its text is gone since the app was closed. It can be compared and checked, not sent.",
  };
}

/** Keys at another host than the issuer's are named by it: which host it is stays to be seen. */
function resultOf(source: string, issuer: string | null): string {
  if (!/^https?:/.test(source)) return `verified with ${source}`;
  const [keys, own] = [source, issuer ?? ""].map((address) => (URL.canParse(address) ? new URL(address) : null));
  return keys && own && keys.origin === own.origin
    ? "verified with the issuer's key"
    : `verified with a key from ${keys?.host ?? source}`;
}
const activeWord = (token: TokenView): string => (token.active === null ? "opaque" : token.active ? "active" : "not active");

/** `access token, portal → orders-api`. */
export function aboutToken(token: TokenView): string {
  const kind = { access: "access token", id: "ID token", refresh: "refresh token", other: "token" }[token.kind];
  const format = { jws: "", jwe: "encrypted ", sd_jwt: "SD-JWT ", saml: "SAML ", opaque: "opaque " }[token.format];
  // A label that only repeats the kind or the owner says less than the quiet word beside it.
  const repeats = token.label === token.who || kind.toLowerCase().startsWith(token.label.toLowerCase());
  return [format + kind, repeats ? token.note : token.label].filter((part) => part !== "").join(", ");
}

/** Whether there is anything to show in the table of claims. */
export const hasClaims = (inspection: Inspection): boolean => inspection.groups.some((group) => group.rows.length > 0);
