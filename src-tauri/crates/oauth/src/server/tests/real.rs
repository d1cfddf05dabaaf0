//! Answers as real servers give them.

use serde_json::Value;

use super::*;
use crate::message::challenged;

/// Server, operation, status, challenge, body; the cause that comes first, and whether it is the only one.
type Row = (&'static str, &'static str, u16, &'static str, &'static str, &'static str, bool);

#[rustfmt::skip]
const ROWS: &[Row] = &[
    // Entra
    ("entra", "cc", 401, "", r#"{"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app 'x'. Trace ID: 1 Correlation ID: 2 Timestamp: 2026-11-30 14:02:31Z","error_codes":[7000215]}"#, "entra-secret-wrong", true),
    ("entra", "cc", 401, "", r#"{"error":"invalid_client","error_description":"AADSTS7000222: The provided client secret keys for app 'x' are expired."}"#, "entra-secret-ended", true),
    ("entra", "cc", 400, "", r#"{"error":"unauthorized_client","error_description":"AADSTS700016: Application with identifier 'x' was not found in the directory 'Contoso'."}"#, "entra-client-unknown", true),
    ("entra", "cc", 400, "", r#"{"error":"invalid_scope","error_description":"AADSTS1002012: The provided value for scope api://x/read is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI)."}"#, "entra-scope-default", true),
    ("entra", "jwt", 400, "", r#"{"error":"invalid_grant","error_description":"AADSTS50013: Assertion failed signature validation. [Reason - The provided signature value did not match the expected signature value., Thumbprint of key used by client: 'FAA', Found key 'Start=06/21/2019 00:00:00, End=06/21/2021 00:00:00']"}"#, "entra-assertion-signature", true),
    ("entra", "jwt", 400, "", r#"{"error":"invalid_grant","error_description":"AADSTS500131: Assertion audience does not match the Client app presenting the assertion. The audience in the assertion was 'abc' and the expected audience is 'def'."}"#, "entra-assertion-audience", true),
    ("entra", "jwt", 400, "", r#"{"error":"invalid_grant","error_description":"AADSTS500133: Assertion is not within its valid time range. Ensure that the access token is not expired before using it for user assertion, or request a new token. Current time: 2024-06-20T11:53:16.0381024Z, expiry time of assertion 2024-06-20T11:53:16.0000000Z."}"#, "entra-assertion-ended", true),
    ("entra", "jwt", 400, "", r#"{"error":"invalid_grant","error_description":"AADSTS65001: The user or administrator has not consented to use the application with ID 'x' named 'y'. Send an interactive authorization request for this user and resource.","suberror":"consent_required"}"#, "entra-consent", true),
    ("entra", "jwt", 400, "", r#"{"error":"invalid_request","error_description":"AADSTS240002: Input id_token cannot be used as 'urn:ietf:params:oauth:grant-type:jwt-bearer' grant."}"#, "entra-assertion-id-token", true),
    ("entra", "refresh", 400, "", r#"{"error":"invalid_grant","error_description":"AADSTS700082: The refresh token has expired due to inactivity. The token was issued on 2026-01-01T00:00:00Z and was inactive for 90.00:00:00."}"#, "entra-refresh-ended", true),
    ("entra", "refresh", 400, "", r#"{"error":"invalid_grant","error_description":"AADSTS50173: The provided grant has expired due to it being revoked, a fresh auth token is needed. The user might have changed or reset their password."}"#, "entra-refresh-revoked", true),
    ("entra", "code", 400, "", r#"{"error":"invalid_grant","error_description":"AADSTS54005: OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing refresh token."}"#, "entra-code-used", true),
    ("entra", "code", 400, "", r#"{"error":"invalid_request","error_description":"AADSTS50011: The redirect URI 'http://localhost' specified in the request does not match the redirect URIs configured for the application 'x'."}"#, "entra-redirect", true),
    ("entra", "code", 401, "", r#"{"error":"invalid_client","error_description":"AADSTS7000218: The request body must contain the following parameter: 'client_assertion' or 'client_secret'."}"#, "entra-client-unproved", true),
    ("entra", "code", 401, "", r#"{"error":"invalid_client","error_description":"AADSTS700025: Client is public so neither 'client_assertion' nor 'client_secret' should be presented."}"#, "entra-client-public", true),
    ("entra", "pw", 400, "", r#"{"error":"invalid_grant","error_description":"AADSTS50126: Error validating credentials due to invalid username or password."}"#, "entra-password", true),
    ("entra", "pw", 400, "", r#"{"error":"invalid_grant","error_description":"AADSTS50076: Due to a configuration change made by your administrator, or because you moved to a new location, you must use multi-factor authentication to access 'x'."}"#, "entra-second-factor", true),
    ("entra", "cc", 400, "", r#"{"error":"invalid_resource","error_description":"AADSTS500011: The resource principal named api://x was not found in the tenant named Contoso."}"#, "entra-resource-unknown", true),
    ("entra", "cc", 400, "", r#"{"error":"invalid_request","error_description":"AADSTS90002: Tenant 'x' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud."}"#, "entra-tenant-unknown", true),
    ("entra", "cc", 401, "", r#"{"error":"invalid_client","error_description":"AADSTS700027: The certificate with identifier used to sign the client assertion is not registered on application."}"#, "entra-client-assertion", true),
    ("graph", "api", 401, "Bearer realm=\"\", authorization_uri=\"https://login.microsoftonline.com/common/oauth2/authorize\", client_id=\"00000003-0000-0000-c000-000000000000\"", r#"{"error":{"code":"InvalidAuthenticationToken","message":"Access token validation failure. Invalid audience.","innerError":{"date":"2026"}}}"#, "api-audience", true),
    ("graph", "api", 401, "", r#"{"error":{"code":"InvalidAuthenticationToken","message":"CompactToken parsing failed with error code: 80049217"}}"#, "api-wants-jwt", true),
    ("graph", "api", 401, "", r#"{"error":{"code":"InvalidAuthenticationToken","message":"Lifetime validation failed, the token is expired."}}"#, "api-expired-said", true),
    ("graph", "api", 403, "", r#"{"error":{"code":"Authorization_RequestDenied","message":"Insufficient privileges to complete the operation."}}"#, "api-right-said", true),
    // Okta
    ("okta", "cc", 401, "", r#"{"error":"invalid_client","error_description":"The client secret supplied for a confidential client is invalid."}"#, "client-said-secret", true),
    ("okta", "cc", 401, "", r#"{"error":"invalid_client","error_description":"Invalid value for 'client_id' parameter."}"#, "client-said-unknown", true),
    ("okta", "refresh", 400, "", r#"{"error":"invalid_grant","error_description":"The refresh token is invalid or expired."}"#, "refresh-unknown", false),
    ("okta", "code", 400, "", r#"{"error":"invalid_grant","error_description":"PKCE verification failed."}"#, "code-verifier", true),
    ("okta", "code", 400, "", r#"{"error":"invalid_grant","error_description":"The authorization code is invalid or has expired."}"#, "invalid-grant-code", false),
    ("okta", "cc", 400, "", r#"{"error":"invalid_scope","error_description":"One or more scopes are not configured for the authorization server resource."}"#, "scope-not-allowed", true),
    ("okta", "cc", 400, "", r#"{"error":"access_denied","error_description":"Policy evaluation failed for this request, please check the policy configurations."}"#, "policy-refused", true),
    ("okta", "userinfo", 401, "Bearer authorization_uri=\"http://x\", realm=\"http://x\", scope=\"openid\", error=\"invalid_token\", error_description=\"The access token is invalid\", resource=\"/oauth2/v1/userinfo\"", "", "token-unknown", false),
    ("okta", "exchange", 400, "", r#"{"error":"invalid_request","error_description":"'subject_token' is invalid."}"#, "exchange-subject-unknown", false),
    ("okta", "exchange", 400, "", r#"{"error":"invalid_target","error_description":"The audience is invalid."}"#, "audience-unknown", true),
    // Auth0
    ("auth0", "cc", 401, "", r#"{"error":"access_denied","error_description":"Unauthorized"}"#, "client-denied-secret", false),
    ("auth0", "cc", 403, "", r#"{"error":"access_denied","error_description":"Client is not authorized to access \"https://api.example\". You need to create a \"client-grant\" associated to this API. See: https://auth0.com/docs/api/v2#!/Client_Grants/post_client_grants"}"#, "audience-not-granted", true),
    ("auth0", "cc", 403, "", r#"{"error":"access_denied","error_description":"Service not enabled within domain: https://api.example"}"#, "audience-no-service", true),
    ("auth0", "cc", 403, "", r#"{"error":"unauthorized_client","error_description":"Grant type 'client_credentials' not allowed for the client.","error_uri":"https://auth0.com/docs/clients/client-grant-types"}"#, "client-words-secret", false),
    ("auth0", "refresh", 403, "", r#"{"error":"invalid_grant","error_description":"Unknown or invalid refresh token."}"#, "refresh-unknown", false),
    ("auth0", "code", 403, "", r#"{"error":"invalid_grant","error_description":"Invalid authorization code"}"#, "invalid-grant-code", false),
    ("auth0", "code", 403, "", r#"{"error":"invalid_grant","error_description":"Failed to verify code verifier"}"#, "code-verifier", true),
    ("auth0", "pw", 403, "", r#"{"error":"invalid_grant","error_description":"Wrong email or password."}"#, "password-wrong", false),
    ("auth0", "pw", 403, "", r#"{"error":"mfa_required","error_description":"Multifactor authentication required","mfa_token":"x"}"#, "second-factor", true),
    ("auth0", "userinfo", 401, "", "Unauthorized", "token-unknown", false),
    ("auth0", "exchange", 403, "", r#"{"error":"access_denied","error_description":"Not allowed to access the requested resource."}"#, "access-denied", false),
    // Cognito, API Gateway
    ("cognito", "refresh", 400, "", r#"{"error":"invalid_grant"}"#, "refresh-unknown", false),
    ("cognito", "userinfo", 401, "Bearer error=\"invalid_token\", error_description=\"Access token does not contain openid scope\"", r#"{"error":"invalid_token","error_description":"Access token does not contain openid scope"}"#, "userinfo-openid-said", true),
    ("apigw", "api", 401, "", r#"{"message":"The incoming token has expired"}"#, "api-expired-said", true),
    ("apigw", "api", 401, "", r#"{"message":"Unauthorized"}"#, "api-other-audience", false),
    ("apigw", "api", 403, "", r#"{"message":"Missing Authentication Token"}"#, "api-no-route", true),
    ("apigw", "api", 403, "", r#"{"Message":"User is not authorized to access this resource with an explicit deny"}"#, "api-policy-deny", true),
    ("apigw", "api", 401, "Bearer scope=\"\" error=\"invalid_token\" error_description=\"the token does not have a valid audience\"", r#"{"message":"Unauthorized"}"#, "api-audience", true),
    ("apigw", "api", 403, "Bearer scope=\"orders/read\" error=\"insufficient_scope\"", r#"{"message":"Forbidden"}"#, "api-scope", true),
    // Ping, ForgeRock
    ("ping", "refresh", 400, "", r#"{"error":"invalid_grant","error_description":"unknown, invalid, or expired refresh token"}"#, "refresh-unknown", false),
    ("ping", "cc", 401, "", r#"{"error":"invalid_client","error_description":"Invalid client or client credentials."}"#, "client-secret-wrong", false),
    ("ping", "refresh", 400, "", r#"{"error":"invalid_scope","error_description":"The requested scope(s) must be blank or a subset of the provided scopes."}"#, "invalid-scope", false),
    ("forgerock", "cc", 401, "", r#"{"error":"invalid_client","error_description":"Client authentication failed"}"#, "client-secret-wrong", false),
    ("forgerock", "cc", 400, "", r#"{"error":"invalid_scope","error_description":"Unknown/invalid scope(s): [foo]"}"#, "scope-not-allowed", true),
    ("forgerock", "code", 400, "", r#"{"error":"redirect_uri_mismatch","error_description":"The redirection URI provided does not match a pre-registered value."}"#, "code-redirect-mismatch", true),
    ("forgerock", "refresh", 400, "", r#"{"error":"invalid_grant","error_description":"grant is invalid"}"#, "refresh-unknown", false),
    // Hydra, Authelia, authentik, dex
    ("hydra", "refresh", 400, "", r#"{"error":"invalid_grant","error_description":"The provided authorization grant (e.g., authorization code, resource owner credentials) or refresh token is invalid, expired, revoked, does not match the redirection URI used in the authorization request, or was issued to another client. The refresh token has not been found: not_found"}"#, "refresh-unknown", false),
    ("hydra", "code", 400, "", r#"{"error":"invalid_grant","error_description":"The provided authorization grant (e.g., authorization code, resource owner credentials) or refresh token is invalid, expired, revoked, does not match the redirection URI used in the authorization request, or was issued to another client. The authorization code has already been used."}"#, "code-used", true),
    ("hydra", "refresh", 401, "", r#"{"error":"token_inactive","error_description":"Token is inactive because it is malformed, expired or otherwise invalid. Token validation failed."}"#, "refresh-unknown", false),
    ("hydra", "cc", 401, "", r#"{"error":"invalid_client","error_description":"Client authentication failed (e.g., unknown client, no client authentication included, or unsupported authentication method). The requested OAuth 2.0 Client does not exist."}"#, "client-said-unknown", true),
    ("hydra", "cc", 401, "", r#"{"error":"invalid_client","error_description":"Client authentication failed (e.g., unknown client, no client authentication included, or unsupported authentication method). The OAuth 2.0 Client supports client authentication method 'client_secret_basic', but method 'client_secret_post' was requested. You must configure the OAuth 2.0 client's 'token_endpoint_auth_method' value to accept 'client_secret_post'."}"#, "client-said-method", true),
    ("hydra", "cc", 400, "", r#"{"error":"invalid_scope","error_description":"The requested scope is invalid, unknown, or malformed. The OAuth 2.0 Client is not allowed to request scope 'orders'."}"#, "scope-not-allowed", true),
    ("hydra", "jwt", 400, "", r#"{"error":"invalid_grant","error_description":"The provided authorization grant is invalid. The JWT in \"assertion\" request parameter expired."}"#, "assertion-ended", true),
    ("hydra", "jwt", 400, "", r#"{"error":"invalid_grant","error_description":"The provided authorization grant is invalid. The JWT in \"assertion\" request parameter MUST contain an \"aud\" (audience) claim containing a value \"http://x/token\" that identifies the authorization server as an intended audience."}"#, "assertion-audience", true),
    ("hydra", "jwt", 400, "", r#"{"error":"invalid_grant","error_description":"The provided authorization grant is invalid. No public JWK was registered which could be used to verify the signature."}"#, "assertion-signature", true),
    ("hydra", "code", 400, "", r#"{"error":"invalid_grant","error_description":"The provided authorization grant is invalid. The PKCE code challenge did not match the code verifier."}"#, "code-verifier", true),
    ("authelia", "userinfo", 401, "Bearer error=\"request_unauthorized\", error_description=\"The request could not be authorized. Check that you provided valid credentials in the right format.\"", "", "token-unknown", false),
    ("authentik", "refresh", 400, "", r#"{"error":"invalid_grant","error_description":"The provided authorization grant or refresh token is invalid, expired, revoked, does not match the redirection URI used in the authorization request, or was issued to another client","request_id":"a"}"#, "refresh-unknown", false),
    ("dex", "refresh", 400, "", r#"{"error":"invalid_request","error_description":"Refresh token is invalid or has already been claimed by another client."}"#, "refresh-unknown", false),
    ("dex", "cc", 401, "", r#"{"error":"invalid_client","error_description":"Invalid client credentials."}"#, "client-secret-wrong", false),
    ("dex", "exchange", 400, "", r#"{"error":"invalid_request","error_description":"Requested connector does not exist."}"#, "exchange-connector", true),
    // Proxies and APIs
    ("envoy", "api", 401, "Bearer realm=\"http://x/\", error=\"invalid_token\"", "Jwks remote fetch is failed", "api-keys-unreachable", true),
    ("envoy", "api", 401, "Bearer realm=\"http://x/\", error=\"invalid_token\"", "Jwt not yet valid", "api-not-yet", true),
    ("envoy", "api", 401, "Bearer realm=\"http://x/\", error=\"invalid_token\"", "Jwt header is an invalid JSON", "api-wants-jwt", true),
    ("envoy", "api", 503, "", "upstream connect error or disconnect/reset before headers. reset reason: connection timeout", "api-upstream", true),
    ("kong", "api", 401, "Bearer realm=\"kong\"", r#"{"message":"No credentials found for given 'iss'"}"#, "api-consumer-unknown", true),
    ("kong", "api", 401, "", r#"{"message":"Invalid signature"}"#, "api-signature", true),
    ("kong", "api", 401, "", r#"{"exp":"token expired"}"#, "api-expired-said", true),
    ("kong", "api", 401, "", r#"{"nbf":"token not valid yet"}"#, "api-not-yet", true),
    ("kong", "api", 401, "", r#"{"message":"Invalid algorithm"}"#, "api-algorithm", true),
    ("kong", "api", 401, "", r#"{"message":"Bad token; invalid JSON"}"#, "api-wants-jwt", true),
    ("kong", "api", 403, "", r#"{"message":"You cannot consume this service"}"#, "api-acl", true),
    ("kong", "api", 404, "", r#"{"message":"no Route matched with those values"}"#, "api-no-route", true),
    ("apisix", "api", 401, "Bearer realm=\"apisix\", error=\"invalid_token\", error_description=\"response indicates failure, status=401, body=\"", "<html><head><title>401 Authorization Required</title></head></html>", "api-introspection-refused", true),
    ("apisix", "api", 401, "", r#"{"message":"Missing JWT token in request"}"#, "api-no-token", true),
    ("apisix", "api", 401, "", r#"{"message":"failed to verify jwt"}"#, "api-other-audience", false),
    ("nginx", "api", 401, "Bearer realm=\"x\",error=\"invalid_token\"", "<html>\r\n<head><title>401 Authorization Required</title></head>\r\n<body>\r\n<center><h1>401 Authorization Required</h1></center>\r\n</body>\r\n</html>", "api-other-audience", false),
    ("spring", "api", 403, "Bearer error=\"insufficient_scope\", error_description=\"The request requires higher privileges than provided by the access token.\", error_uri=\"https://tools.ietf.org/html/rfc6750#section-3.1\"", "", "api-scope", true),
    ("spring", "api", 401, "Bearer error=\"invalid_token\", error_description=\"An error occurred while attempting to decode the Jwt: Signed JWT rejected: Another algorithm expected, or no matching key(s) found\"", "", "api-key-unknown", true),
    ("spring", "api", 401, "Bearer error=\"invalid_token\", error_description=\"An error occurred while attempting to decode the Jwt: Couldn't retrieve remote JWK set: org.springframework.web.client.ResourceAccessException: I/O error\"", "", "api-keys-unreachable", true),
    ("spring", "api", 401, "Bearer error=\"invalid_token\", error_description=\"Provided token isn't active\"", "", "api-inactive", true),
    ("spring", "api", 401, "Bearer error=\"invalid_token\", error_description=\"An error occurred while attempting to decode the Jwt: Jwt used before 2026-11-30T14:02:31Z\"", "", "api-not-yet", true),
    ("spring", "api", 401, "Bearer", "", "api-other-audience", false),
    ("aspnet", "api", 401, "Bearer error=\"invalid_token\", error_description=\"The audience 'orders-api' is invalid\"", "", "api-audience", true),
    ("aspnet", "api", 401, "Bearer error=\"invalid_token\", error_description=\"The issuer 'http://127.0.0.1:1/realms/lab' is invalid\"", "", "api-issuer", true),
    ("aspnet", "api", 401, "Bearer error=\"invalid_token\", error_description=\"The token expired at '11/30/2026 14:02:31'\"", "", "api-expired-said", true),
    ("aspnet", "api", 401, "Bearer error=\"invalid_token\", error_description=\"The signature is invalid\"", "", "api-signature", true),
    ("aspnet", "api", 401, "Bearer error=\"invalid_token\", error_description=\"The signature key was not found\"", "", "api-key-unknown", true),
    ("aspnet", "api", 401, "Bearer error=\"invalid_token\", error_description=\"The token is not valid before '11/30/2026 14:02:31'\"", "", "api-not-yet", true),
    ("aspnet", "api", 401, "", "Microsoft.IdentityModel.Tokens.SecurityTokenInvalidAudienceException: IDX10214: Audience validation failed. Audiences: 'orders'. Did not match: validationParameters.ValidAudience: 'x'", "api-audience", true),
    ("node", "api", 401, "Bearer realm=\"api\", error=\"invalid_token\", error_description=\"unexpected \\\"iss\\\" value\"", "", "api-issuer", true),
    ("node", "api", 401, "Bearer realm=\"api\", error=\"invalid_token\", error_description=\"unexpected \\\"aud\\\" value\"", "", "api-audience", true),
    ("node", "api", 401, "Bearer realm=\"api\", error=\"invalid_token\", error_description=\"\\\"exp\\\" claim timestamp check failed\"", "", "api-expired-said", true),
    ("node", "api", 401, "Bearer realm=\"api\", error=\"invalid_token\", error_description=\"signature verification failed\"", "", "api-signature", true),
    ("node", "api", 401, "Bearer realm=\"api\", error=\"invalid_token\", error_description=\"no applicable key found in the JSON Web Key Set\"", "", "api-key-unknown", true),
    ("node", "api", 403, "Bearer realm=\"api\", error=\"insufficient_scope\", error_description=\"Insufficient Scope\", scope=\"read:orders write:orders\"", "", "api-scope", true),
    ("node", "api", 401, "", r#"{"message":"jwt audience invalid. expected: orders"}"#, "api-audience", true),
    ("node", "api", 401, "", r#"{"message":"jwt issuer invalid. expected: https://a"}"#, "api-issuer", true),
    ("node", "api", 401, "", r#"{"message":"No authorization token was found"}"#, "api-no-token", true),
    ("node", "api", 401, "", r#"{"message":"invalid algorithm"}"#, "api-algorithm", true),
    ("python", "api", 401, "", r#"{"detail":"Signature has expired"}"#, "api-expired-said", true),
    ("python", "api", 401, "", r#"{"detail":"Audience doesn't match"}"#, "api-audience", true),
    ("python", "api", 401, "", r#"{"detail":"Not enough segments"}"#, "api-wants-jwt", true),
    ("fastapi", "api", 403, "", r#"{"detail":"Not authenticated"}"#, "api-no-token", true),
    ("drf", "api", 401, "Bearer realm=\"api\"", r#"{"detail":"Authentication credentials were not provided."}"#, "api-no-token", true),
    ("drf", "api", 401, "", r#"{"detail":"Given token not valid for any token type","code":"token_not_valid","messages":[{"token_class":"AccessToken","message":"Token is invalid or expired"}]}"#, "api-other-audience", false),
    ("go", "api", 401, "", "oidc: token is expired (Token Expiry: 2026-11-30 14:02:31 +0000 UTC)", "api-expired-said", true),
    ("go", "api", 401, "", "oidc: expected audience \"orders\" got [\"frontend\"]", "api-audience", true),
    ("go", "api", 401, "", "oidc: id token issued by a different provider, expected \"https://a\" got \"https://b\"", "api-issuer", true),
    ("k8s", "api", 401, "", r#"{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"Unauthorized","reason":"Unauthorized","code":401}"#, "api-other-audience", false),
    ("google", "api", 403, "Bearer realm=\"https://accounts.google.com/\", error=\"insufficient_scope\", scope=\"https://www.googleapis.com/auth/drive\"", r#"{"error":{"code":403,"message":"Request had insufficient authentication scopes.","status":"PERMISSION_DENIED"}}"#, "api-scope", true),
    ("google", "api", 401, "Bearer realm=\"https://accounts.google.com/\", error=\"invalid_token\"", r#"{"error":{"code":401,"message":"Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential.","status":"UNAUTHENTICATED"}}"#, "api-other-audience", false),
    ("google", "refresh", 400, "", r#"{"error":"invalid_grant","error_description":"Token has been expired or revoked."}"#, "refresh-unknown", false),
    ("google", "cc", 401, "", r#"{"error":"invalid_client","error_description":"The OAuth client was not found."}"#, "client-said-unknown", true),
    // Token endpoints of others
    ("spring-as", "exchange", 400, "", r#"{"error":"invalid_grant"}"#, "exchange-subject-unknown", false),
    ("any", "exchange", 400, "", r#"{"error":"invalid_request","error_description":"actor_token is required"}"#, "exchange-actor-required", true),
    ("any", "code", 400, "", r#"{"error":"invalid_grant","error_description":"code expired"}"#, "code-ended", true),
    ("any", "cc", 400, "", r#"{"error":"invalid_request","error_description":"Missing parameter: grant_type"}"#, "parameter-missing", true),
    ("any", "introspect", 401, "Basic realm=\"x\"", r#"{"error":"invalid_client"}"#, "client-secret-wrong", false),
    ("any", "cc", 400, "", r#"{"error":"use_dpop_nonce"}"#, "use-dpop-nonce", true),
    // Keycloak
    ("keycloak", "exchange", 400, "", r#"{"error":"invalid_request","error_description":"Requested audience not available: orders-api"}"#, "kc-v2-audience-not-available", true),
    ("keycloak", "exchange", 403, "", r#"{"error":"access_denied","error_description":"Client not allowed to exchange"}"#, "kc-v1-audience-permission", true),
    ("keycloak", "refresh", 400, "", r#"{"error":"invalid_grant","error_description":"Session not active"}"#, "kc-session-over", true),
    ("keycloak", "refresh", 400, "", r#"{"error":"invalid_grant","error_description":"Token is not active"}"#, "kc-refresh-expired", true),
    ("keycloak", "refresh", 400, "", r#"{"error":"invalid_grant","error_description":"Maximum allowed refresh token reuse exceeded"}"#, "kc-refresh-reuse", true),
    ("keycloak", "refresh", 400, "", r#"{"error":"invalid_grant","error_description":"Stale token"}"#, "kc-refresh-stale", true),
    ("keycloak", "cc", 401, "", r#"{"error":"unauthorized_client","error_description":"Invalid client or Invalid client credentials"}"#, "kc-client-secret", true),
    ("keycloak", "cc", 401, "", r#"{"error":"unauthorized_client","error_description":"Client not enabled to retrieve service account"}"#, "kc-service-account-off", true),
    ("keycloak", "cc", 400, "", r#"{"error":"invalid_scope","error_description":"Invalid scopes: orders"}"#, "kc-invalid-scopes", true),
    ("keycloak", "pw", 400, "", r#"{"error":"invalid_grant","error_description":"Account is not fully set up"}"#, "kc-user-setup", true),
    ("keycloak", "pw", 401, "", r#"{"error":"invalid_grant","error_description":"Invalid user credentials"}"#, "kc-user-credentials", false),
    ("keycloak", "code", 400, "", r#"{"error":"invalid_grant","error_description":"Code not valid"}"#, "kc-code", true),
    ("keycloak", "code", 400, "", r#"{"error":"invalid_grant","error_description":"Incorrect redirect_uri"}"#, "kc-redirect", true),
    ("keycloak", "userinfo", 401, "Bearer realm=\"lab\", error=\"invalid_token\", error_description=\"Token verification failed\"", r#"{"error":"invalid_token","error_description":"Token verification failed"}"#, "kc-userinfo-revoked", false),
    ("keycloak", "userinfo", 403, "Bearer realm=\"lab\", error=\"insufficient_scope\", error_description=\"Missing openid scope\"", r#"{"error":"insufficient_scope","error_description":"Missing openid scope"}"#, "kc-userinfo-openid", true),
    ("keycloak", "exchange", 500, "", r#"{"error":"unknown_error","error_description":"For more on this error consult the server log."}"#, "kc-v1-server-error", false),
    ("keycloak", "cc", 403, "", r#"{"error":"invalid_request","error_description":"HTTPS required"}"#, "kc-https-required", true),
    ("keycloak", "cc", 404, "", r#"{"error":"Realm does not exist"}"#, "kc-realm-missing", true),
    ("keycloak", "jwt", 400, "", r#"{"error":"invalid_grant","error_description":"Token is not active"}"#, "kc-jwt-not-yet", true),
    // WSO2
    ("wso2", "cc", 401, "", r#"{"error_description":"Client Authentication failed.","error":"invalid_client"}"#, "wso2-client", true),
    ("wso2", "cc", 401, "", r#"{"error_description":"A valid OAuth client could not be found for client_id: portal","error":"invalid_client"}"#, "wso2-client", true),
    ("wso2", "jwt", 400, "", r#"{"error_description":"No Registered IDP found for the JWT with issuer name : http://127.0.0.1:1/realms/lab","error":"invalid_grant"}"#, "wso2-idp-unknown", true),
    ("wso2", "jwt", 400, "", r#"{"error_description":"None of the audience values matched the tokenEndpoint Alias: https://localhost:9443/oauth2/token","error":"invalid_grant"}"#, "wso2-alias", true),
    ("wso2", "jwt", 400, "", r#"{"error_description":"JSON Web Token is expired.","error":"invalid_grant"}"#, "wso2-assertion-clock", true),
    ("wso2", "jwt", 500, "", r#"{"error_description":"Internal Server Error.","error":"server_error"}"#, "wso2-server-error", false),
    ("wso2", "cc", 400, "", r#"{"error_description":"The authenticated client is not authorized to use this authorization grant type","error":"unauthorized_client"}"#, "wso2-grant-client", true),
    ("wso2", "api", 403, "OAuth2 realm=\"WSO2 API Manager\", error=\"insufficient_scope\"", r#"{"code":"900910","message":"The access token does not allow you to access the requested resource","description":"User is NOT authorized to access the Resource: /orders. Scope validation failed."}"#, "wso2-900910", true),
    ("wso2", "api", 404, "", r#"{"code":"404","type":"Status report","message":"Not Found","description":"The requested resource is not available."}"#, "wso2-not-deployed", true),
    ("wso2", "api", 503, "", r#"{"fault":{"code":101503,"type":"Status report","message":"Runtime Error","description":"Error connecting to the back end"}}"#, "wso2-backend", true),
    ("wso2", "api", 429, "", r#"{"code":"900803","message":"Message throttled out","description":"You have exceeded your quota"}"#, "wso2-throttled", true),
    ("wso2", "api", 401, "", r#"{"fault":{"code":900901,"message":"Invalid Credentials","description":"Invalid Credentials. Make sure you have provided the correct security credentials"}}"#, "wso2-900901-foreign", false),
    ("wso2", "refresh", 400, "", r#"{"error_description":"Persisted access token data not found","error":"invalid_grant"}"#, "invalid-grant-refresh", false),
];

fn answer(row: &Row, dialect: Dialect) -> Option<Diagnosis> {
    let (_, operation, status, challenge, body, ..) = *row;
    let draft = match operation {
        "cc" => draft(Operation::ClientCredentials, &[("client", "portal"), ("scope", "orders")]),
        "jwt" => draft(Operation::JwtBearer, &[("client", "portal"), ("assertion", "token:t")]),
        "refresh" => draft(Operation::Refresh, &[("client", "frontend"), ("refresh_token", "token:t")]),
        "code" => draft(Operation::LogIn, &[("client", "frontend"), ("scope", "openid")]),
        "pw" => draft(Operation::Password, &[("client", "portal"), ("username", "alice")]),
        "exchange" => draft(
            Operation::TokenExchange,
            &[("client", "portal"), ("subject_token", "token:t"), ("subject_token_type", ACCESS), ("audience", "orders-api")],
        ),
        "userinfo" => draft(Operation::Userinfo, &[("token", "token:t")]),
        "introspect" => draft(Operation::Introspect, &[("client", "portal"), ("token", "token:t")]),
        _ => draft(Operation::CallApi, &[("token", "token:t"), ("url", "http://127.0.0.1:3/orders")]),
    };
    let mut headers = http::HeaderMap::new();
    if !challenge.is_empty() {
        headers.append(http::header::WWW_AUTHENTICATE, challenge.parse().expect("a value"));
    }
    let json: Value = serde_json::from_str(body).unwrap_or_default();
    let text = |name: &str| json[name].as_str().map(str::to_owned);
    let error = text("error").or_else(|| challenged(&headers, "error")).unwrap_or_default();
    let description = text("error_description").or_else(|| challenged(&headers, "error_description")).unwrap_or_default();
    let kind = if operation == "refresh" { "refresh" } else { "access" };
    let token = view("t", json!({"step": 4, "kind": kind}));
    let sent = !matches!(operation, "cc" | "pw" | "code");
    read(Case {
        dialect,
        draft: &draft,
        status,
        error: &error,
        description: &description,
        body,
        token: sent.then_some(&token),
        ..Case::default()
    })
}

#[test]
fn answers_of_real_servers_are_read_by_their_words() {
    let mut wrong = Vec::new();
    for row in ROWS {
        let (server, .., body, id, certain) = *row;
        let dialect = match server {
            "keycloak" => Dialect::Keycloak,
            "wso2" => Dialect::Wso2,
            _ => Dialect::Plain,
        };
        let Some(found) = answer(row, dialect) else {
            wrong.push(format!("{server} {body}: nothing, {id} expected"));
            continue;
        };
        if (found.id.as_str(), found.certain) != (id, certain) {
            wrong.push(format!("{server} {body}: {} certain {}, {id} expected", found.id, found.certain));
        }
        assert!(!found.cause.contains('{') && !found.fix.contains('{'), "{found:?}");
        // What is certain stands alone, and no server's own words are used at another.
        assert!(!found.certain || found.others.is_empty(), "{found:?}");
        let all = format!("{found:?}");
        assert!(server == "keycloak" || !all.contains("Keycloak"), "{all}");
        assert!(server == "entra" || !all.contains("AADSTS"), "{all}");
        assert!(server == "wso2" || !all.contains("WSO2"), "{all}");
    }
    println!("answers: {} inputs, {} wrong", ROWS.len(), wrong.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The same words are nobody's cause where they repeat what the RFC says of a code.
#[test]
fn what_repeats_the_rfc_names_no_cause() {
    let grant = "The provided authorization grant (e.g., authorization code, resource owner credentials) or refresh token is invalid, expired, revoked, does not match the redirection URI used in the authorization request, or was issued to another client.";
    let client = "Client authentication failed (e.g., unknown client, no client authentication included, or unsupported authentication method).";
    for (operation, status, error, words) in [
        ("jwt", 400, "invalid_grant", grant),
        ("code", 400, "invalid_grant", grant),
        ("refresh", 400, "invalid_grant", grant),
        ("cc", 401, "invalid_client", client),
    ] {
        let body = serde_json::json!({"error": error, "error_description": words}).to_string();
        let body: &'static str = Box::leak(body.into_boxed_str());
        let found = answer(&("any", operation, status, "", body, "", false), Dialect::Plain).expect("known");
        assert!(!found.certain, "{operation}: {found:?}");
    }
}

#[test]
fn the_scope_that_a_challenge_names_is_the_fix() {
    let call = draft(Operation::CallApi, &[("token", "token:t"), ("url", "http://127.0.0.1:3/orders")]);
    let by = |wanted: &[&str], token: serde_json::Value| {
        let token = view("t", token);
        let known =
            Background { wanted_scope: wanted.iter().map(|scope| (*scope).to_owned()).collect(), ..Background::default() };
        read(Case {
            dialect: Dialect::Plain,
            draft: &call,
            status: 403,
            error: "insufficient_scope",
            token: Some(&token),
            known,
            ..Case::default()
        })
        .expect("known")
    };
    let found = by(&["orders:read", "profile"], json!({"step": 4, "scope": ["openid", "profile"]}));
    assert_eq!(found.fix, "Get a token with the scope orders:read, which WWW-Authenticate names.");
    let shown = found.evidence.iter().find(|evidence| evidence.name.contains("WWW-Authenticate")).expect("shown");
    assert_eq!(
        (shown.values.as_slice(), shown.missing.as_slice()),
        (&["orders:read".to_owned(), "profile".to_owned()][..], &["orders:read".to_owned()][..])
    );
    let scope = found.actions.first().and_then(|action| action.values.iter().find(|pair| pair.name == "scope"));
    assert_eq!(scope.map(|pair| pair.value.as_str()), Some("openid profile orders:read"));
    // Of a token that nobody can read, the token response decides what it has (RFC 6749 5.1).
    let granted = by(&["orders:read"], json!({"step": 4, "format": "opaque", "scope": [], "granted": ["orders:read"]}));
    assert!(
        granted.fix.starts_with("The token has the scopes") && granted.actions.iter().all(|act| !act.label.contains("scope")),
        "{granted:?}"
    );
    assert!(by(&[], json!({"step": 4})).fix.ends_with("names none."));
}

#[test]
fn the_scope_of_a_challenge_is_read_from_what_was_recorded() {
    use record::audit::{Actor, Exchange};
    use token::text::{Ink, Span};
    let line = |text: &str| vec![Span::new(Ink::Quiet, text.to_owned())];
    let exchange = |status, lines: &[&str]| Exchange {
        seq: 1,
        from: Actor::Claimscope,
        to: Actor::Api,
        label: String::new(),
        through_browser: false,
        purpose: record::audit::ExchangePurpose::Other,
        reported: false,
        cached: false,
        method: "GET".into(),
        url: String::new(),
        request: Vec::new(),
        response: lines.iter().map(|text| if text.is_empty() { Vec::new() } else { line(text) }).collect(),
        rest: None,
        response_headers: 1,
        status: Some(status),
        failure: None,
        started_ms: 0,
        duration_us: 0,
        response_bytes: 0,
        token_id: None,
    };
    let of = |status, lines: &[&str]| Background::wanted_scope(&[exchange(status, lines)]);
    assert_eq!(of(403, &["403 Forbidden", "WWW-Authenticate: Bearer error=\"insufficient_scope\", scope=\"a b\""]), ["a", "b"]);
    assert_eq!(of(401, &["401", "Www-Authenticate: Bearer scope=\"orders/read\" error=\"insufficient_scope\""]), ["orders/read"]);
    assert_eq!(of(403, &["403", "WWW-Authenticate: Basic realm=\"x\"", "WWW-Authenticate: Bearer scope=\"c\""]), ["c"]);
    assert!(of(403, &["403", "", "WWW-Authenticate: Bearer scope=\"in the body\""]).is_empty());
    assert!(of(200, &["200", "WWW-Authenticate: Bearer scope=\"a\""]).is_empty());
    assert!(of(403, &["403", "WWW-Authenticate: Bearer"]).is_empty());
}

/// RFC 7523 3: an assertion is issued by somebody else (1), and its aud names the server it is shown to, by its issuer or its token
/// endpoint (3).
#[test]
fn evidence_of_an_assertion_follows_rfc_7523() {
    let here = profile();
    let (issuer, token_endpoint) = (here.provider.issuer.clone(), here.provider.endpoints.token.clone());
    let bearer = draft(Operation::JwtBearer, &[("client", "portal"), ("assertion", "token:t")]);
    for dialect in [Dialect::Plain, Dialect::Keycloak] {
        for (audience, lacks) in [
            (vec![issuer.clone()], false),
            (vec![token_endpoint.clone()], false),
            (vec!["other".to_owned(), issuer.clone()], false),
            (vec!["portal".to_owned()], true),
            (vec![format!("{issuer}/")], true),
            (Vec::new(), true),
        ] {
            let token = view("t", json!({"step": null, "issuer": "https://partner.example", "audience": audience}));
            let found = read(Case {
                dialect,
                draft: &bearer,
                status: 400,
                error: "invalid_grant",
                description: if dialect == Dialect::Keycloak { "Invalid token audience" } else { "" },
                token: Some(&token),
                ..Case::default()
            })
            .expect("known");
            let shown = |name: &str| found.evidence.iter().find(|evidence| evidence.name == name);
            if let Some(iss) = shown("iss") {
                assert_eq!(
                    (iss.values.as_slice(), iss.missing.len()),
                    (&["https://partner.example".to_owned()][..], 0),
                    "its issuer is the foreign one"
                );
            }
            match dialect {
                Dialect::Plain if !lacks => assert_ne!(found.id, "assertion-other-audience", "{audience:?}"),
                _ => {
                    let aud = shown("aud").expect("aud is shown");
                    let missing = if lacks { vec![issuer.clone()] } else { Vec::new() };
                    assert_eq!((&aud.values, &aud.missing), (&audience, &missing), "{audience:?}");
                }
            }
            // Nobody is told to show one of the server's own.
            assert!(dialect == Dialect::Keycloak || !found.certain || found.id == "assertion-over", "{found:?}");
        }
    }
}

/// What is known of an assertion comes before what cannot be known, and what excludes every other cause stands alone.
#[test]
fn an_assertion_without_words_is_read_by_what_is_known() {
    let bearer = draft(Operation::JwtBearer, &[("client", "portal"), ("assertion", "token:t")]);
    let issuer = profile().provider.issuer;
    let good = json!({"step": null, "issuer": "https://partner.example", "audience": [issuer], "expires_at": 2_000});
    let with = |name: &str, value: serde_json::Value| {
        let mut token = good.clone();
        token[name] = value;
        token
    };
    for (token, past, id, certain) in [
        (with("expires_at", json!(900)), Past::default(), "assertion-over", true),
        (with("audience", json!(["other"])), Past::default(), "assertion-other-audience", false),
        (good.clone(), Past { used: Some(3), ..Past::default() }, "assertion-used", true),
        (good.clone(), Past::default(), "assertion-other-issuer", false),
    ] {
        for description in [
            "",
            "Invalid grant",
            "The provided authorization grant (e.g., authorization code, resource owner credentials) or refresh token is invalid, expired, revoked, does not match the redirection URI used in the authorization request, or was issued to another client.",
        ] {
            let token = view("t", token.clone());
            let known = Background { past: past.clone(), ..Background::default() };
            let found = read(Case {
                dialect: Dialect::Plain,
                draft: &bearer,
                status: 400,
                error: "invalid_grant",
                description,
                token: Some(&token),
                known,
                ..Case::default()
            })
            .expect("known");
            assert_eq!(
                (found.id.as_str(), found.certain, found.others.is_empty()),
                (id, certain, certain),
                "{description}: {found:?}"
            );
        }
    }
}
