// Which environment a token came from, as it is drawn: shape first, then the name, then the colour. Rust says what it is and stops
// what may not be sent; here tokens are only put in order and told apart.
import type { Shape, ProfileSummary, TokenView } from "../wire/types";
import { toldApart } from "./apart";
import { shown as visible } from "./shown";

export interface Place {
  /** Id of the profile. */
  id: string;
  /** Its name now, or then where it is gone. */
  name: string;
  /** The word that tells it apart from the others: `dev` of `Shop dev`. */
  short: string;
  /** `gone`: its profile was deleted. */
  mark: Shape | "gone";
  production: boolean;
  /** It came from another issuer than the profile has now. */
  earlier: boolean;
  /** Where it was: its issuer. */
  issuer: string;
}

/** The profile a token came from; null where that is not known. */
export function placeOf(token: TokenView, profiles: ProfileSummary[]): Place | null {
  const from = token.provenance;
  if (from === null) return null;
  const profile = profiles.find((one) => one.id === from.profile);
  // The same profile with another issuer: another run of the lab, or from before it was edited.
  const earlier = profile !== undefined && from.issuer !== "" && !profile.issuers.includes(from.issuer);
  const known = visible(profile?.name ?? from.name);
  const short = shortName(
    known,
    profiles.map((one) => visible(one.name)),
  );
  const name = profile === undefined ? `${known}, deleted profile` : earlier ? `${known}, earlier` : known;
  return {
    id: from.profile,
    name,
    short: profile === undefined ? `${short}, deleted` : earlier ? `${short}, earlier` : short,
    mark: profile?.mark ?? "gone",
    production: profile?.production ?? false,
    issuer: from.issuer,
    earlier,
  };
}

/** Letters of a name in a chip. */
const CHIP = 14;
/** A word that stands for the rest by itself; the rest of longer names is marked as one. */
const WORD = 8;

/** The name without the words all names begin with, where words are left: a word by itself, or a marked rest that keeps what differs. */
export function shortName(name: string, all: string[]): string {
  const rest = ending(name, all);
  if (rest === name) return toldApart(name, all, CHIP);
  if (rest.length <= WORD && !rest.includes(" ")) return rest;
  return `…${toldApart(
    rest,
    all.map((other) => ending(other, all)),
    CHIP - 1,
  )}`;
}

function ending(name: string, all: string[]): string {
  const words = name.split(/\s+/);
  const others = all.filter((other) => other !== name).map((other) => other.split(/\s+/));
  const alike = others.filter((other) => other[0] === words[0]);
  let at = 0;
  while (at < words.length - 1 && alike.length > 0 && alike.every((other) => other[at] === words[at])) at += 1;
  return words.slice(at).join(" ");
}

/** Whether a token is one of the profile's own, as the shelf sorts them. */
export function isOwn(token: TokenView, profile: { id: string; issuers: string[] } | undefined): boolean {
  if (profile === undefined) return true;
  if (token.provenance !== null)
    return (
      token.provenance.profile === profile.id &&
      (token.provenance.issuer === "" || profile.issuers.includes(token.provenance.issuer))
    );
  return token.issuer !== null && profile.issuers.includes(token.issuer);
}

/** How many environments the tokens came from. A second run of the same profile counts as one more. */
export function environments(tokens: TokenView[]): number {
  return new Set(
    tokens.flatMap((token) =>
      token.provenance === null ? [] : [`${token.provenance.profile} ${hostOf(token.provenance.issuer)}`],
    ),
  ).size;
}

/** Whether the shelf has tokens of more than one profile. */
export function isMixed(tokens: TokenView[], profile: { id: string; issuers: string[] } | undefined): boolean {
  return (
    new Set(tokens.map((token) => token.provenance?.profile ?? "")).size > 1 ||
    tokens.some((token) => token.provenance !== null && !isOwn(token, profile))
  );
}

function hostOf(issuer: string): string {
  try {
    return new URL(issuer).host;
  } catch {
    return issuer;
  }
}
