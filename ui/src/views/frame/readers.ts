// Who may be asked to read the admin API: the service account of the profile, or an access token that is still alive.
import type { Option } from "../../kit/Select.svelte";
import type { Profile, TokenView } from "../../wire/types";

export function readersOf(profile: Profile | null, tokens: TokenView[], nowMs: number): Option[] {
  const client = profile?.clients.find((one) => one.events)?.client_id;
  const alive = tokens.filter(
    (token) =>
      token.kind === "access" &&
      !token.evidence_only &&
      token.issuer === profile?.provider.issuer &&
      (token.expires_at === null || token.expires_at * 1000 > nowMs),
  );
  return [
    {
      value: "",
      label: client === undefined ? "no service account" : client,
      note: client === undefined ? "none of this profile reads events" : "service account",
    },
    ...alive.map((token, index) => ({
      value: token.id,
      label: `${token.who}, ${token.label}`,
      note: token.note === "" ? "token on the shelf" : token.note,
      ...(index === 0 ? { group: "Tokens on the shelf" } : {}),
    })),
  ];
}
