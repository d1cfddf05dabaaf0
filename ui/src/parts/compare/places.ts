// Where a setting stands that makes two environments issue different tokens: help texts by the claims that differ.
import type { Group } from "../../wire/types";

/** At a Keycloak, by the group of the comparison. */
const KEYCLOAK: Record<string, string> = {
  audience: "Client scopes of the client: the mappers of type Audience, and which scopes are default or optional.",
  roles: "Role mappings of the user or its groups, and Full scope allowed in the Scope tab of the client's dedicated scope.",
  lifetime: "Realm settings, Tokens: Access Token Lifespan; the client may have its own under Advanced.",
  identity: "Mappers of the client's scopes, and the attributes of the user.",
};
const ELSEWHERE: Record<string, string> = {
  audience: "The audiences and scopes the server grants this client.",
  roles: "The roles of the user and of the client at the server.",
  lifetime: "The lifetime of access tokens, of the server or of the client.",
  identity: "What the server puts into tokens of this client.",
};

export interface Place {
  title: string;
  paths: string[];
  words: string;
}

/** For each group with a difference in substance: its claims, and where they are set. */
export function places(groups: Group[], keycloak: boolean): Place[] {
  const table = keycloak ? KEYCLOAK : ELSEWHERE;
  return groups.flatMap((group): Place[] => {
    const rows = group.rows.filter((row) => row.substance);
    return rows.length === 0
      ? []
      : [
          {
            title: group.title,
            paths: rows.map((row) => row.path),
            words:
              table[group.id] ??
              (keycloak ? "A mapper of one of the client's scopes." : "What the server puts into tokens of this client."),
          },
        ];
  });
}
