//! Which names carry secrets.
//!
//! Names are compared without case, `_` and `-`, because servers write `client_secret`, `clientSecret` and
//! `Client-Secret`. Rather one value too many is masked than one too few; what must stay readable is listed in the tests.

/// Lower case letters and digits only.
fn bare(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

fn secret_everywhere(bare: &str) -> bool {
    // `token`, `access_token`, `csrfToken`, but not `token_type` or `token_endpoint`.
    bare.ends_with("token")
        || bare.ends_with("secret")
        || bare.contains("password")
        || bare.contains("passwd")
        || bare.contains("passphrase")
        || bare.starts_with("saml")
        || matches!(
            bare,
            "assertion"
                | "clientassertion"
                | "actorassertion"
                | "codeverifier"
                | "idtokenhint"
                | "loginhinttoken"
                | "devicecode"
                | "usercode"
                | "authreqid"
                | "ticket"
                | "relaystate"
                | "sessioncode"
                | "tokenstring"
                | "apikey"
                | "internalkey"
                | "jwt"
                | "dpop"
                | "authorization"
                | "pwd"
                | "otp"
                | "totp"
                | "pin"
                | "privatekey"
                | "cookie"
                | "secretaccesskey"
                | "secretvalue"
                | "accesskeyid"
                | "sharedkey"
                | "signaturekey"
                | "requesturi"
        )
}

/// Whether a parameter of a form or a query is masked.
pub fn sensitive_parameter(name: &str) -> bool {
    let bare = bare(name);
    secret_everywhere(&bare) || matches!(bare.as_str(), "code" | "state")
}

/// Whether a JSON member is masked. `code` is left to its value: a gateway's fault code is no secret.
pub fn sensitive_member(name: &str) -> bool {
    secret_everywhere(&bare(name))
}

/// Whether a header is masked as a whole. `Authorization` and cookies are masked in parts elsewhere.
pub fn sensitive_header(name: &str) -> bool {
    let bare = bare(name);
    let bare = bare.strip_prefix('x').unwrap_or(&bare);
    secret_everywhere(bare)
        || bare.contains("token") && !bare.ends_with("nonce")
        || bare.contains("secret")
        || bare.contains("assertion")
        || bare.contains("apikey")
        || bare.contains("authorization")
        || bare.contains("credential") && !bare.starts_with("accesscontrol")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_carry_secrets() {
        for name in [
            "access_token",
            "refresh_token",
            "id_token",
            "subject_token",
            "actor_token",
            "token",
            "Token",
            "client_secret",
            "clientSecret",
            "consumerSecret",
            "password",
            "code",
            "code_verifier",
            "state",
            "assertion",
            "client_assertion",
            "id_token_hint",
            "SAMLResponse",
            "SAMLRequest",
            "device_code",
            "registration_access_token",
            "session_code",
            "RelayState",
            "logout_token",
        ] {
            assert!(sensitive_parameter(name), "{name}");
        }
        for name in [
            "Authorization",
            "Proxy-Authorization",
            "X-JWT-Assertion",
            "apikey",
            "X-Api-Key",
            "Internal-Key",
            "RevokedAccessToken",
            "DPoP",
            "X-Auth-Token",
            "X-Amz-Security-Token",
        ] {
            assert!(sensitive_header(name), "{name}");
        }
    }

    #[test]
    fn names_that_stay_readable() {
        for name in [
            "grant_type",
            "subject_token_type",
            "requested_token_type",
            "issued_token_type",
            "token_type",
            "token_type_hint",
            "audience",
            "scope",
            "client_id",
            "redirect_uri",
            "code_challenge",
            "code_challenge_method",
            "nonce",
            "iss",
            "session_state",
            "response_type",
            "error",
            "username",
            "login_hint",
            "expires_in",
            "client_secret_expires_at",
        ] {
            assert!(!sensitive_parameter(name), "{name}");
        }
        assert!(!sensitive_member("code") && !sensitive_member("state") && !sensitive_member("token_endpoint"));
        for name in [
            "Content-Type",
            "WWW-Authenticate",
            "DPoP-Nonce",
            "Location",
            "Accept",
            "Access-Control-Allow-Credentials",
            "X-Request-Id",
        ] {
            assert!(!sensitive_header(name), "{name}");
        }
    }
}
