// An OpenID provider that none of us wrote (npm oidc-provider), set up the way a stranger's server would be met: a native
// public client on any loopback port with PKCE, a confidential client, RFC 9207, introspection, revocation, refresh token
// rotation. Its log in page signs `alice` in without asking; `login_hint=deny` refuses, `login_hint=bob` signs bob in.
// The library warns that Node 20 is older than it supports; what is used of it here works there.
//
// Prints one line of JSON when it listens: {"issuer", "native", "api": {"client_id", "client_secret"}, "resource"}.
// It lives as long as its standard input is open, so it cannot outlive the test that started it.

import { generateKeyPairSync, randomBytes } from "node:crypto";
import { createServer } from "node:http";

// The library talks on standard output, where only our one line may stand.
console.info = console.log = console.warn = console.error;

const { default: Provider, errors } = await import("oidc-provider");

const RESOURCE = "urn:example:orders-api";
const NATIVE = "claimscope-native";
const API = { client_id: "orders-api", client_secret: randomBytes(24).toString("base64url") };

const server = createServer();
await new Promise((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve));
const issuer = `http://127.0.0.1:${server.address().port}`;

const key = (type, options, alg, kid) => ({ ...generateKeyPairSync(type, options).privateKey.export({ format: "jwk" }), alg, use: "sig", kid });

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: NATIVE,
      application_type: "native",
      token_endpoint_auth_method: "none",
      grant_types: ["authorization_code", "refresh_token"],
      redirect_uris: ["http://127.0.0.1/callback"],
      post_logout_redirect_uris: ["http://127.0.0.1/callback"],
    },
    { ...API, token_endpoint_auth_method: "client_secret_basic", grant_types: ["client_credentials"], redirect_uris: [], response_types: [] },
  ],
  jwks: { keys: [key("rsa", { modulusLength: 2048 }, "RS256", "rsa"), key("ec", { namedCurve: "P-256" }, "ES256", "ec")] },
  cookies: { keys: [randomBytes(24).toString("base64url")] },
  claims: { openid: ["sub"], profile: ["preferred_username", "name"], email: ["email", "email_verified"] },
  scopes: ["openid", "offline_access", "profile", "email", "orders:read", "orders:write"],
  features: {
    devInteractions: { enabled: false },
    introspection: { enabled: true, allowedPolicy: () => true },
    revocation: { enabled: true, allowedPolicy: () => true },
    clientCredentials: { enabled: true },
    rpInitiatedLogout: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => undefined,
      useGrantedResource: () => true,
      getResourceServerInfo: (ctx, resource) => {
        if (resource !== RESOURCE) throw new errors.InvalidTarget();
        return { scope: "orders:read orders:write", audience: "orders-api", accessTokenFormat: "jwt", accessTokenTTL: 300 };
      },
    },
  },
  interactions: { url: (ctx, interaction) => `/interaction/${interaction.uid}` },
  findAccount: (ctx, id) => ({
    accountId: id,
    claims: () => ({ sub: id, preferred_username: id, name: `${id[0].toUpperCase()}${id.slice(1)} Example`, email: `${id}@example.test`, email_verified: true }),
  }),
  issueRefreshToken: (ctx, client) => client.grantTypeAllowed("refresh_token"),
  rotateRefreshToken: true,
  ttl: { AccessToken: 300, IdToken: 300, RefreshToken: 1800, ClientCredentials: 300, Session: 3600, Grant: 3600, Interaction: 300 },
});

const answer = provider.callback();
server.on("request", (request, response) => {
  if (!request.url.startsWith("/interaction/")) return answer(request, response);
  signIn(request, response).catch((error) => {
    response.writeHead(500, { "content-type": "text/plain" }).end(String(error));
  });
});

async function signIn(request, response) {
  const { params, prompt, session } = await provider.interactionDetails(request, response);
  let result;
  if (params.login_hint === "deny") {
    result = { error: "access_denied", error_description: "The user said no" };
  } else if (prompt.name === "login") {
    result = { login: { accountId: params.login_hint || "alice" } };
  } else {
    // A native client always asks for consent here; whoever signed in agrees to everything that is asked for.
    const grant = new provider.Grant({ clientId: params.client_id, accountId: session.accountId });
    if (params.scope) grant.addOIDCScope(params.scope);
    for (const resource of [params.resource ?? []].flat()) grant.addResourceScope(resource, "orders:read orders:write");
    result = { consent: { grantId: await grant.save() } };
  }
  await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: true });
}

process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
process.stdin.on("error", () => process.exit(0));

process.stdout.write(`${JSON.stringify({ issuer, native: NATIVE, api: API, resource: RESOURCE })}\n`);
