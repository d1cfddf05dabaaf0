//! Words that tell what happened and are no secret, whatever stands before them: `token: expired`, `code=invalid_grant`,
//! `state=ENABLED`, `secret: com.example.MissingSecretException`.
//!
//! A name announces a secret, but what servers write behind it is as often a word about it, and that word is the evidence. Only a word
//! of these lists is let through; a known value of the run is masked by the net of values, whatever word it is.

use std::{collections::HashSet, sync::LazyLock};

use super::names;

fn set(words: &'static str) -> HashSet<&'static str> {
    words.split_ascii_whitespace().collect()
}

/// Longest text that is looked up, in bytes.
const LONGEST: usize = 160;

/// Words of the IANA registries of OAuth (RFC 6749 11, RFC 8414 7, RFC 7591 4) and of OpenID Connect: errors, grants, responses, methods
/// and parameters.
static REGISTERED: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    set("
        access_denied account_selection_required authorization_pending authorization_code bad_verification_code bearer client_credentials
        client_id client_secret_basic client_secret_jwt client_secret_post consent_required device_code dpop expired_token form_post
        fragment id_token implicit insufficient_authorization_details insufficient_scope insufficient_user_authentication
        interaction_required introspection invalid_authorization_details invalid_binding_message invalid_client invalid_client_metadata
        invalid_credentials invalid_dpop_proof invalid_grant invalid_nonce invalid_redirect_uri invalid_request invalid_request_object
        invalid_request_uri invalid_resource invalid_scope invalid_software_statement invalid_target invalid_token
        invalid_user_code jwt-bearer jwt_bearer login_required mac missing_token missing_user_code n_a pkce plain private_key_jwt query refresh_token
        registration_not_supported request_not_supported request_uri_not_supported s256 saml2-bearer self_signed_tls_client_auth
        server_error slow_down temporarily_unavailable tls_client_auth token-exchange token_exchange unapproved_software_statement
        unauthorized_client unknown_user_id unmet_authentication_requirements unsupported_grant_type unsupported_response_mode
        unsupported_response_type unsupported_token_type use_dpop_nonce web_message account_disabled account_locked
        invalid_user_credentials user_not_found not_found bad_request unauthorized forbidden not_active token_inactive")
});

/// Words for how a thing is or what was done to it.
static STATES: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    set("
        abgelaufen absent accepted active added allowed already ambiguous anonymous any approved audience authenticated authorized automatic bad basic
        blank blacklisted blocked broken bytes cached cancelled canceled case changed checked clear cleared closed complete completed compromised
        conflict consumed correct corrupt corrupted created credentials damaged declined defined deleted denied deprecated detached
        different disabled disallowed discarded done duplicate duplicated empty enabled encrypted encoded ended entered error exhausted expected
        expired expiring exists exceeded fail failed failure false fehlend fehlt filtered finished forbidden found fresh given good granted
        idle ignored illegal inactive incomplete inconsistent incorrect initial insufficient invalid invalidated issued known leaked
        limited loaded locked long lost malformed mandatory masked match matched matches mismatch mismatched missing modified multiple
        mutual negative never new no none not null off ok okay old omitted on open opened optional outdated out-of-date overdue parsed
        partial passed pending permitted present private processed prohibited protected provided public received redacted refreshed
        refused registered rejected removed renewed replaced replayed required reserved reset restricted retired reused revoked rolled
        rotated running saved secure sent set short shown signed skipped started stale status stopped stored success successful succeeded
        superseded suspended terminated timeout timed-out too trimmed true truncated trusted unauthenticated unauthorized unavailable
        unchanged unchecked undefined unencrypted unexpected uninitialized unknown unlocked unmatched unnecessary unparseable unparsable
        unprotected unreadable unrecognized unregistered unset unsigned unspecified unsupported untrusted unused unusable unverified updated used
        valid validated value verified violated waiting warning weak withdrawn wrong yes yesno n/a na nil nan undef unbekannt ungültig
        falsch gesperrt deaktiviert aktiv inaktiv erforderlich invalide expiré manquant requis incorrecto inválido caducado
        required. oauth oauth2 openid oidc saml saml2 ldap kerberos ntlm digest spnego negotiate mtls pkce jwt jwe jws opaque string text
        number boolean object array integer")
});

/// Words of which one makes several words a state: `not_active`, `is_missing`, `too-short`, `TOKEN_EXPIRED`. `new-secret` is none.
static DECISIVE: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    set("
        active allowed already bad denied disabled duplicate empty enabled err error expected expired failed failure inactive incorrect
        invalid is malformed mismatch mismatched missing must no not required revoked supported too unexpected unknown unsupported
        unverified was wrong")
});

/// How the names of classes of faults end.
const FAULTS: &[&str] = &["Exception", "Error", "Failure", "Fault", "Throwable", "Warning", "Violation"];

/// Whether a value tells what happened, and is a secret of nobody.
pub(super) fn tells(value: &[u8]) -> bool {
    let Ok(value) = std::str::from_utf8(value.get(..value.len().min(LONGEST + 1)).unwrap_or_default()) else { return false };
    let value = value.trim().trim_end_matches(['.', '!', ',', ';']);
    if value.is_empty() || value.len() > LONGEST {
        return value.is_empty();
    }
    // `*****`, `...`, `<redacted>`, `[hidden]`, `(none)`
    if value.bytes().all(|byte| byte.is_ascii_punctuation()) && value.bytes().all(|byte| b"*.-_#xX?<>[]()".contains(&byte)) {
        return true;
    }
    let inner = value.trim_matches(['<', '>', '[', ']', '(', ')', '\'', '"', '`']);
    let small = inner.to_lowercase();
    is_word(&small) || is_class(inner)
}

fn is_word(small: &str) -> bool {
    if REGISTERED.contains(small) || STATES.contains(small) {
        return true;
    }
    // Words put together, each of which is one of the lists or of the names that are told about: `token_expired`, `not-active`.
    let parts: Vec<&str> = small.split(['_', '-', ' ']).collect();
    parts.len() > 1
        && parts.len() <= 6
        && parts.iter().any(|part| DECISIVE.contains(part))
        && parts.iter().all(|part| DECISIVE.contains(part) || STATES.contains(part) || ABOUT.contains(part))
}

/// Things of which such words tell.
static ABOUT: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    set("
        a access account action actor algorithm api app are assertion at audience auth authentication authorization be by challenge claim client
        code cookie credential credentials device does entry for format found from grant header id in issuer it jwt key length
        login match method name nonce of one or param parameter password path pin proof realm redirect refresh request
        resource response role scope secret server session signature state subject that the this time to token type uri url user username
        value verifier with yet you your")
});

/// `com.example.InvalidTokenException`, `InvalidTokenException`, `java.lang.String`: what no generator of secrets makes.
pub(super) fn is_class(value: &str) -> bool {
    let value = value.trim_end_matches(':');
    let mut parts: Vec<&str> = value.split(['.', '$']).collect();
    let Some(last) = parts.pop() else { return false };
    let letters = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let class = letters(last)
        && last.starts_with(|first: char| first.is_ascii_uppercase())
        && last.bytes().any(|byte| byte.is_ascii_lowercase())
        && last.bytes().filter(u8::is_ascii_digit).count() <= 2
        && !names::opaque(last);
    let package = |part: &&str| {
        letters(part)
            && part.len() <= 24
            && (part.bytes().filter(u8::is_ascii_digit).count() <= 2)
            && (part.starts_with(|first: char| first.is_ascii_lowercase()) && part.bytes().all(|byte| !byte.is_ascii_uppercase())
                || part.starts_with(|first: char| first.is_ascii_uppercase()))
    };
    class
        && parts.iter().all(package)
        && (parts.len() >= 2 || FAULTS.iter().any(|fault| last.ends_with(fault) && last.len() > fault.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_tell_what_happened() {
        for word in [
            "expired",
            "Expired.",
            "ENABLED",
            "disabled",
            "missing",
            "incorrect",
            "closed",
            "invalid_grant",
            "INVALID_GRANT",
            "not_active",
            "token_expired",
            "TOKEN_EXPIRED",
            "is-missing",
            "*****",
            "<redacted>",
            "n/a",
            "undefined",
            "slow_down",
            "client_secret_basic",
            "com.example.auth.InvalidTokenException",
            "InvalidTokenException:",
            "java.lang.String",
            "org.keycloak.OAuthErrorException",
            "not found",
            "too short",
            "required",
        ] {
            assert!(tells(word.as_bytes()), "{word}");
        }
    }

    #[test]
    fn what_could_be_a_secret() {
        for word in [
            "hunter2",
            "geheim",
            "s3cret",
            "opaque-123",
            "expired7",
            "correct-horse-battery",
            "my-secret",
            "letmein",
            "Passw0rd",
            "ya29.a0AfH6SMBx7qz1",
            "a.b.C",
            "Tr0ub4dor",
            "hunter",
            "a1b2.c3d4.Xy9z8w7v6u5t4s3r",
            "secret",
            "password",
            "xyzzy",
            "1234",
        ] {
            assert!(!tells(word.as_bytes()), "{word}");
        }
    }
}
