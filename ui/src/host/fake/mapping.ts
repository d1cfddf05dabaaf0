// What the fake says of a user on both sides: alice is mapped by her group, bob by nothing.
import type { Mapping, TokenView } from "../../wire/types";
import { ISSUER } from "./tokens";

export function mappingOf(issued: TokenView, source: TokenView | null, claim: string | null): Mapping {
  const granted = issued.scope.includes("apim:subscribe");
  const read = claim ?? (granted ? "groups" : null);
  const roles = ["admin", "Internal/subscriber", "Internal/devops"];
  const scope = (name: string, opens: string) => ({
    scope: name,
    opens,
    roles,
    asked: true,
    granted: issued.scope.includes(name),
    why: issued.scope.includes(name)
      ? "Granted: one of /engineering (groups) is mapped to admin, Internal/subscriber or Internal/devops."
      : "No role was found: realm_access.roles is nested in an object: WSO2 looks for a top-level claim and does not find it.",
  });
  const json = {
    name: "roles as a flat array",
    protocol: "openid-connect",
    protocolMapper: "oidc-usermodel-realm-role-mapper",
    config: { "claim.name": "roles", "jsonType.label": "String", multivalued: "true", "access.token.claim": "true" },
  };
  return {
    source,
    issued,
    claim: read,
    headline: granted
      ? "alice has what was asked for, 3 scopes of the portal."
      : "WSO2 answered 200 and granted alice none of the portal's scopes, though 3 were asked for.",
    rows: [
      {
        topic: "User",
        source: ["alice", "2f9a61c4-5b1e-4c39-9d07-0a3c1f7be0a1"],
        issued: ["2f9a61c4-5b1e-4c39-9d07-0a3c1f7be0a1"],
        words: "WSO2 names the user by sub.",
      },
      {
        topic: "Client",
        source: ["frontend"],
        issued: ["devportal"],
        words: "Each side has its own clients; the consumer key says which application calls.",
      },
      {
        topic: "Roles",
        source: ["operator", "auditor", "viewer", "editor"],
        issued: [],
        words: "WSO2 writes no roles into its tokens: they open scopes and are gone.",
      },
      {
        topic: "Groups",
        source: granted ? ["/engineering"] : [],
        issued: [],
        words: "Read only where groups is the role claim.",
      },
      {
        topic: "Scopes",
        source: ["openid", "profile", "email"],
        issued: issued.scope,
        words: "No scope is carried over: WSO2 grants its own, by role.",
      },
    ],
    claims: [
      ...(granted
        ? [
            {
              path: "groups",
              values: ["/engineering"],
              usable: true,
              why: "a top-level array of strings: WSO2 reads it when it is named as the role claim",
            },
          ]
        : []),
      {
        path: "realm_access.roles",
        values: ["operator", "auditor"],
        usable: false,
        why: "nested in an object: WSO2 looks for a top-level claim and does not find it",
      },
    ],
    scopes: [
      scope("apim:subscribe", "everything of the portal but its settings"),
      scope("apim:app_manage", "applications, keys and secrets"),
      scope("apim:sub_manage", "subscriptions"),
    ],
    findings: granted
      ? [
          {
            id: "owner-is-sub",
            severity: "note",
            title: "The owner is the sub",
            detail:
              "Applications made with this token belong to 2f9a61c4-5b1e-4c39-9d07-0a3c1f7be0a1. A person who signs in to the portal's own pages under another subject does not see them.",
            rfc: null,
            path: "sub",
          },
        ]
      : [
          {
            id: "no-flat-role-claim",
            severity: "error",
            title: "No role claim WSO2 can read",
            detail: "Roles stand in realm_access.roles, which WSO2 does not find: it reads one top-level array of strings.",
            rfc: null,
            path: "realm_access.roles",
          },
        ],
    repairs: granted
      ? []
      : [
          {
            id: "kc-role-mapper",
            title: "Keycloak: write the realm roles into a top-level array roles",
            steps: [
              "In realm lab: Clients, frontend, Client scopes, frontend-dedicated.",
              "Add mapper, By configuration, User Realm Role.",
              "Token Claim Name roles, Multivalued on, Claim JSON Type String, Add to access token on. No dots in the name: a dot nests.",
              "Log in again: a token that was issued before does not change.",
            ],
            json: JSON.stringify(json, null, 2),
            send_to: `POST ${ISSUER.replace("/realms/", "/admin/realms/")}/clients/{id of frontend}/protocol-mappers/models`,
          },
        ],
    back: wayBack(issued.issuer ?? ""),
    actions: granted
      ? []
      : [{ label: "Map the user again", operation: "jwt_bearer", values: [{ name: "scope", value: "apim:subscribe" }] }],
  };
}

/** What the realm needs to take the gateway's tokens. */
function wayBack(issuer: string): Mapping["back"] {
  const admin = ISSUER.replace("/realms/", "/admin/realms/");
  const base = issuer.replace("/oauth2/token", "");
  return [
    {
      id: "kc-know-gateway",
      title: "Keycloak: know the gateway as an identity provider",
      steps: [
        "In realm lab: Identity providers, Add provider, OpenID Connect v1.0. Alias wso2, Use discovery endpoint off.",
        `Issuer ${issuer}, as it stands in iss. Then the addresses of the JSON below.`,
        `User Info URL ${base}/oauth2/userinfo, Disable user info off: Keycloak asks there whose token it is, which needs the scope openid in it.`,
      ],
      json: JSON.stringify(
        {
          alias: "wso2",
          providerId: "oidc",
          enabled: true,
          config: { issuer, userInfoUrl: `${base}/oauth2/userinfo`, disableUserInfo: "false", validateSignature: "true" },
        },
        null,
        2,
      ),
      send_to: `POST ${admin}/identity-provider/instances`,
    },
    {
      id: "kc-link-user",
      title: "Keycloak: link alice to the subject WSO2 writes",
      steps: ["In realm lab: Users, alice, Identity provider links, Link account at wso2."],
      json: JSON.stringify(
        { identityProvider: "wso2", userId: "2f9a61c4-5b1e-4c39-9d07-0a3c1f7be0a1", userName: "alice" },
        null,
        2,
      ),
      send_to: `POST ${admin}/users/2f9a61c4-5b1e-4c39-9d07-0a3c1f7be0a1/federated-identity/wso2`,
    },
    {
      id: "kc-permit-requester",
      title: "Keycloak: let portal exchange the gateway's tokens",
      steps: [
        "Keycloak has to be started with --features=token-exchange:v1,admin-fine-grained-authz:v1.",
        "In realm lab: Identity providers, wso2, Permissions: Permissions enabled on, then the scope permission token-exchange.",
        "There: a client policy that names portal, the client that asks.",
      ],
      json: JSON.stringify({ enabled: true }, null, 2),
      send_to: `PUT ${admin}/identity-provider/instances/wso2/management/permissions`,
    },
  ];
}
