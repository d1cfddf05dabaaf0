//! Which names carry secrets.
//!
//! A name is read as words, because servers write `client_secret`, `clientSecret`, `Client-Secret` and `clientsecret`. What counts
//! is the whole name: `password_policy` is about a password and holds none, `InvalidToken` names a fault. Rather one value too
//! many is masked than one too few; what must stay readable is listed in the tests.

use std::{collections::HashSet, sync::LazyLock};

fn set(words: &'static str) -> HashSet<&'static str> {
    words.split_ascii_whitespace().collect()
}

/// Longest name that is looked at, in bytes; a longer run of letters is no name.
pub(super) const LONGEST: usize = 96;

/// Words that say a thing is about a secret and is none itself, when they stand behind it: `password_policy`.
static ABOUT: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    set("
        age algorithm allowed at attempts basic bits changed class count created dir disabled enabled encoder endpoint error
        expected expired expires expiry field file filter form format generator grant handler hint id ids in index input invalid issuer
        jwt label length lifespan lifetime location manager max message method methods min mismatch missing name owner path policy
        position post provider ref required reset retries rotation rules service size source state status store strength
        supported timeout title ttl type types uri url use validator version")
});

/// Words of which one is enough, wherever it stands in the name, unless what follows is about it.
static STRONG: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    set("
        password passwords passwd passphrase passcode pwd kennwort passwort passwörter zugangscode contraseña contrasena senha
        wachtwoord hasło haslo lösenord losenord salasana parola heslo jelszó jelszo motdepasse пароль 密码 密碼 口令 パスワード 비밀번호")
});

/// Names without a sign between their words, as they are often written.
static RUN_TOGETHER: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    set("
        accesskey accesskeyid accesstoken accountkey apikey apisecret apitoken appkey appsecret authcode authkey authreqid
        authtoken bearertoken clientassertion clientsecret codeverifier consumersecret csrftoken devicecode devicesecret dpop
        encryptionkey idtoken idtokenhint internalkey jsessionid jwttoken keypass masterkey phpsessid privatekey refreshtoken
        relaystate samlart samlassertion samlrequest samlresponse secretaccesskey secretkey secretvalue serversecret sessionkey
        sessionsecret sessiontoken sshpass oauthsignature sharedaccesskey sharedkey sharedsecret signaturekey signingkey signingsecret storagekey
        storepass subscriptionkey tokenstring tokenvalue usercode userpass webhooksecret xsrftoken")
});

/// What stands before `key` when that is a secret; `public_key`, `consumer_key` and `key_id` are none.
static KEYS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    set("
        access account admin api app application auth client deploy encryption function functions hmac host internal license
        master private secret service session shared sign signature signing ssh storage subscription symmetric system webhook")
});

/// What stands before `code` when it can be redeemed; `error_code` and `country_code` can not.
static CODES: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    set("
        access activation auth authorisation authorization authz backup confirmation device email invitation invite login mfa
        otp pairing pass recovery reset security session sms time unlock user verification")
});

/// Words that say which of several it is, behind a name that is a secret without them: `token_old`, `client_secret_v2`.
static WHICH: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    set("
        alt b backup base cleartext current decoded dev encoded encrypted full int live new next old plaintext previous primary prod
        production raw secondary stage staging test v")
});

/// Words of other languages that end in what they are: `Zugriffstoken`, `Kundengeheimnis`.
const ENDINGS: &[&str] =
    &["password", "passwd", "passphrase", "passwort", "kennwort", "geheimnis", "zugriffstoken", "aktualisierungstoken", "jeton"];

/// The words of a name in small letters, without the digits behind them: `X-Api-Key2` is `x api key`.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    let (mut before_small, mut before_large) = (false, false);
    let letters: Vec<char> = name.chars().collect();
    for (at, &letter) in letters.iter().enumerate() {
        let next_small = letters.get(at + 1).is_some_and(char::is_ascii_lowercase);
        // `clientSecret` and `SAMLResponse` each have two words.
        let begins = letter.is_ascii_uppercase() && (before_small || before_large && next_small);
        let goes_on = letter.is_ascii_alphanumeric() || !letter.is_ascii() && letter.is_alphanumeric();
        if !goes_on || begins {
            words.push(std::mem::take(&mut word));
        }
        if goes_on {
            word.extend(letter.to_lowercase());
        }
        before_small = letter.is_ascii_lowercase() || letter.is_ascii_digit();
        before_large = letter.is_ascii_uppercase();
    }
    words.push(word);
    let trimmed = words.into_iter().map(|word| word.trim_end_matches(|c: char| c.is_ascii_digit()).to_owned());
    trimmed.filter(|word| !word.is_empty()).collect()
}

/// A name that carries a secret wherever it stands.
fn everywhere(name: &str) -> bool {
    if name.len() > LONGEST {
        return false;
    }
    let words = words(name);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    is_secret(&words) || words.split_last().is_some_and(|(last, before)| WHICH.contains(last) && is_secret(before))
}

/// Whether words are the name of a secret.
fn is_secret(words: &[&str]) -> bool {
    let Some((&last, before)) = words.split_last() else { return false };
    let previous = before.last().copied().unwrap_or_default();
    let joined = words.concat();
    if RUN_TOGETHER.contains(joined.as_str()) || RUN_TOGETHER.contains(last) {
        return true;
    }
    if words.iter().any(|word| STRONG.contains(word)) {
        return !ABOUT.contains(last);
    }
    if ENDINGS.iter().any(|ending| last.ends_with(ending)) {
        return true;
    }
    match last {
        "token" | "tokens" | "secret" | "secrets" | "assertion" | "verifier" | "jwt" | "cookie" | "cookies" | "otp" | "totp"
        | "ticket" | "credential" | "cred" | "creds" | "cnonce" | "pw" | "psw" | "pswd" | "csrf" | "xsrf" | "nonce" => {
            last != "nonce" || matches!(previous, "" | "c" | "id")
        }
        "value" | "string" | "text" | "data" | "plain" => matches!(previous, "token" | "secret"),
        "hint" => words.ends_with(&["id", "token", "hint"]) || words.ends_with(&["login", "hint", "token"]),
        "key" | "keys" => KEYS.contains(previous) || words.ends_with(&["access", "key"]),
        "code" | "codes" => CODES.contains(previous),
        "pass" | "pin" => {
            let whose = "
                admin app auth basic card client db ftp http key ldap login mysql pg postgres proxy redis root service smtp store
                svc user";
            previous.is_empty() || whose.split_ascii_whitespace().any(|known| known == previous)
        }
        "phrase" | "word" => previous == "pass",
        // `allow_bearer` is none, and no text either.
        "bearer" => before.is_empty() || previous == "auth",
        "exponent" => previous == "private",
        "schlüssel" => matches!(previous, "api" | "geheimer" | "privater" | "client"),
        "passe" => words.ends_with(&["mot", "de", "passe"]),
        "id" => words.ends_with(&["access", "key", "id"]) || words.ends_with(&["auth", "req", "id"]),
        "response" | "request" | "art" => previous == "saml",
        "state" => previous == "relay",
        "dpop" | "authorization" => before.is_empty() || matches!(previous, "proxy" | "x"),
        _ => false,
    }
}

/// Whether a parameter of a form or a query is masked.
pub fn sensitive_parameter(name: &str) -> bool {
    let exact: String = name.chars().take(LONGEST).map(|c| c.to_ascii_lowercase()).collect();
    everywhere(name)
        || matches!(exact.as_str(), "code" | "state" | "sig" | "hmac" | "signature" | "request_uri" | "mac" | "auth_code" | "oauth_signature")
        // AWS and Google sign addresses; the signature is all that somebody else needs.
        || exact.ends_with("-signature")
        || exact == "x-amz-credential"
}

/// Whether a JSON member is masked. `code` is left to its value: a gateway's fault code is no secret.
pub fn sensitive_member(name: &str) -> bool {
    everywhere(name) || matches!(name, "sig" | "request_uri")
}

/// Whether a value under `code` could be an authorization code. Gateways call their fault numbers so (`900901`), and APIs their
/// words (`not_found`, `ERR-12`).
pub fn redeemable(value: &str) -> bool {
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let letters = value.trim_end_matches(|c: char| c.is_ascii_digit());
    let numbered = digits <= 6 && letters.len() + digits == value.len() && letters.len() <= 8;
    let numbered = numbered && letters.chars().all(|c| c.is_ascii_uppercase() || matches!(c, '-' | '_' | ' '));
    digits > 0 && !numbered
}

/// Members that name what stands beside them: `{"name":"password","value":"…"}`, `{"loc":["body","password"],"input":"…"}`.
pub(super) fn naming(name: &str) -> bool {
    static NAMING: LazyLock<HashSet<&str>> = LazyLock::new(|| {
        set("
            name key id field parameter param header label property attribute k type loc path pointer argument fieldname field_name
            propertyname property_name propertypath instancepath instance_path instancelocation datapath data_path variable setting
            option claim column keyword_location element env")
    });
    name.len() <= LONGEST && NAMING.contains(name.to_ascii_lowercase().as_str())
}

/// Members that hold what another one names.
pub(super) fn beside(name: &str) -> bool {
    static BESIDE: LazyLock<HashSet<&str>> = LazyLock::new(|| {
        set("
            value values v val input input_value inputvalue given actual received rejected rejectedvalue rejected_value invalidvalue
            invalid_value attemptedvalue attempted_value currentvalue current_value default defaultvalue default_value data instance
            got found provided submitted content text string plain")
    });
    name.len() <= LONGEST && BESIDE.contains(name.to_ascii_lowercase().as_str())
}

/// Whether what names a value is a name of a secret, or a way that leads to one: `/body/password`, `user.password`,
/// `$['client_secret']`. `/oauth2/token` is an address.
pub(super) fn points_to_secret(name: &str) -> bool {
    if sensitive_parameter(name) && !name.contains('/') {
        return true;
    }
    let mut steps = name.split(['.', '/', '[', ']', '\'', '"', '$', '#']).filter(|step| !step.is_empty());
    let last = steps.by_ref().filter(|step| !step.bytes().all(|byte| byte.is_ascii_digit())).last();
    name.len() <= 2 * LONGEST
        && last.is_some_and(|last| last.len() < name.len() && last != "token" && last != "auth" && sensitive_member(last))
}

/// Parameters of Digest (RFC 7616) and Hawk whose value can be guessed from or used: they are no secrets under other names.
pub(super) fn of_digest(name: &str, value: &[u8]) -> bool {
    matches!(name, "response" | "rspauth" | "mac" | "ha1")
        && value.len() >= 16
        && value.iter().all(|byte| byte.is_ascii_alphanumeric() || b"+/=-_".contains(byte))
}

/// Private members of a key (RFC 7518 6).
pub(super) fn of_key(name: &str) -> bool {
    matches!(name, "d" | "p" | "q" | "dp" | "dq" | "qi" | "k" | "oth")
}

/// Names of a secret when they hold one text; an object or a list called so describes one.
pub(super) fn of_one(name: &str) -> bool {
    name.eq_ignore_ascii_case("auth") || name.eq_ignore_ascii_case("credentials")
}

/// Words in the name of a header of an answer that smell of a secret.
static SMELLS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    set("
        pin otp totp hotp session sess sid sso pw pwd pass passwd passphrase passcode kennwort passwort cred creds bearer grant verification
        ticket principal wsse mfa tan seed salt proof userinfo identity credential credentials auth signature sign sig code key")
});

/// What such a header is about when a word of these ends it.
static HARMLESS_ENDS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    set("
        nonce type types hint endpoint expires expiry lifetime error status state count limit remaining age policy timeout required
        method methods mode version enabled disabled supported max min ttl reason description name uri url result info realm scheme
        algorithm alg format length provider server host node zone region time date at by from to mechanism source path check
        decision")
});

/// Whether a header of an answer is masked as a whole. `Authorization` and cookies are masked in parts elsewhere.
pub fn sensitive_header(name: &str) -> bool {
    if everywhere(name) {
        return true;
    }
    let words = words(name);
    let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    let ends = |word: &str| words.last().is_some_and(|last| last == word);
    let control = words.starts_with(&["access".to_owned(), "control".to_owned()]);
    // `Token-Type` is about a token.
    let about = words.last().is_some_and(|last| HARMLESS_ENDS.contains(last.as_str()));
    has(&["token", "tokens", "secret", "assertion", "authorization", "apikey", "jwt", "password", "csrf", "xsrf", "cookie"])
        && !about
        || !control && !about && has(&["credential", "credentials", "auth", "session", "signature", "otp", "principal"])
        || ends("key") && !has(&["cache", "surrogate", "websocket", "partition", "sort"])
}

/// Whether a header of an answer that nobody knows is named so that its value, however short, may be a secret: `X-Pin`, `X-Otp`,
/// `X-Session`. Codes of faults and keys of caches are none.
pub(super) fn smelling_header(name: &str) -> bool {
    let words = words(name);
    let Some(last) = words.last().map(String::as_str) else { return false };
    let others = || {
        words.iter().any(|word| {
            matches!(
                word.as_str(),
                "error"
                    | "status"
                    | "response"
                    | "fault"
                    | "cache"
                    | "surrogate"
                    | "websocket"
                    | "partition"
                    | "sort"
                    | "control"
                    | "country"
                    | "language"
                    | "return"
                    | "exit"
                    | "reason"
            )
        })
    };
    let smells = words.iter().any(|word| SMELLS.contains(word.as_str()));
    smells
        && !HARMLESS_ENDS.contains(last)
        && !others()
        && (!matches!(last, "id") || words.iter().any(|word| matches!(word.as_str(), "session" | "sess")))
}

/// Headers of a request that tell nothing: everything else the user adds may hold a credential, whatever its name.
static HARMLESS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    set("
        accept accept-charset accept-datetime accept-encoding accept-language access-control-request-headers
        access-control-request-method activityid api-version b3 cache-control connection content-digest content-disposition
        content-encoding content-language content-length content-location content-md5 content-range content-type correlation-id
        date digest dnt expect forwarded from host if-match if-modified-since if-none-match if-range if-unmodified-since
        keep-alive max-forwards origin pragma prefer priority range referer request-id te traceparent tracestate trailer
        transfer-encoding upgrade upgrade-insecure-requests user-agent via want-digest warning x-amz-content-sha256 x-amz-date
        x-amzn-trace-id x-api-version x-b3-flags x-b3-parentspanid x-b3-sampled x-b3-spanid x-b3-traceid x-client-name
        x-client-version x-cloud-trace-context x-correlation-id x-forwarded-for x-forwarded-host x-forwarded-port
        x-forwarded-prefix x-forwarded-proto x-http-method-override x-ms-client-request-id x-ms-date x-ms-version x-real-ip
        x-request-id x-requested-with x-tenant x-tenant-id x-trace-id x-wso2-tenant")
});

/// Whether a header of a request may be shown; its value is still read for known values and shapes.
pub fn harmless_header(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    HARMLESS.contains(name.as_str()) || name.starts_with("sec-fetch-") || name.starts_with("sec-ch-")
}

/// Headers of an answer whose values are long and tell what happened.
pub(super) fn readable_header(name: &str) -> bool {
    let readable = "
        activityid age alt-svc cf-ray content-security-policy content-security-policy-report-only etag expires
        last-modified link nel permissions-policy report-to reporting-endpoints retry-after server server-timing
        strict-transport-security vary www-authenticate proxy-authenticate dpop-nonce x-powered-by x-served-by x-cache
        deprecation sunset allow";
    readable.split_ascii_whitespace().any(|known| known == name) || name.ends_with("-id") || name.starts_with("access-control-")
}

/// Parameters whose values are long and no secrets.
pub(super) fn public_parameter(name: &str) -> bool {
    let public = "
        acr_values aud audience claims client_id code_challenge correlation_id first iss issuer jkt dpop_jkt jti kid
        login_hint max post_logout_redirect_uri redirect_uri request_id resource scope session_state sid sub subject
        trace_id username";
    public.split_ascii_whitespace().any(|known| known == name)
}

/// Whether a part of an address or the value of an unknown header looks made by a machine to be guessed by nobody: a run of
/// letters and digits that is no UUID, date, number or short hex id.
pub fn opaque(text: &str) -> bool {
    text.split(['-', '_', '.', '~', ':', ',', ';', ' ', '/', '=', '+']).any(|part| {
        let digits = part.bytes().filter(u8::is_ascii_digit).count();
        let letters = part.bytes().filter(u8::is_ascii_alphabetic).count();
        let hex = part.bytes().all(|byte| byte.is_ascii_hexdigit());
        part.len() >= 16 && digits >= 2 && letters >= 2 && !(hex && part.len() <= 32)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_carry_secrets() {
        for name in set("
            access_token refresh_token id_token subject_token actor_token token Token client_secret clientSecret
            consumerSecret password code code_verifier state assertion client_assertion id_token_hint SAMLResponse
            SAMLRequest device_code registration_access_token session_code RelayState logout_token nonce c_nonce
            new_password password-confirm password2 passwordConfirm sig X-Amz-Signature X-Goog-Signature
            X-Amz-Security-Token subscription-key Ocp-Apim-Subscription-Key x-functions-key AccountKey SharedAccessKey
            api_key apiKey apikey AWS_SECRET_ACCESS_KEY privateKey spring.datasource.password DB_PASS clientsecret
            accesstoken tokens jsessionid auth_req_id request_uri")
        {
            assert!(sensitive_parameter(name), "{name}");
        }
        for name in set("
            Authorization Proxy-Authorization X-JWT-Assertion apikey X-Api-Key Internal-Key RevokedAccessToken DPoP
            X-Auth-Token X-Amz-Security-Token Ocp-Apim-Subscription-Key X-Auth X-Session-Id X-Hub-Signature-256
            X-Vault-Token X-CSRF-TOKEN X-Goog-Iap-Jwt-Assertion Client-Secret X-Shopify-Access-Token X-Password")
        {
            assert!(sensitive_header(name), "{name}");
        }
    }

    #[test]
    fn names_that_stay_readable() {
        for name in set("
            grant_type subject_token_type requested_token_type issued_token_type token_type token_type_hint audience
            scope client_id redirect_uri code_challenge code_challenge_method iss session_state response_type error
            username login_hint expires_in client_secret_expires_at requestURI password_policy passwordExpired
            resetPasswordAllowed tokenId token_id kid jti sid sessionId key keyId public_key consumerKey consumer_key
            error_code status_code countryCode samlIssuer SAMLEncoding client_secret_basic not-before-policy
            error_description exception spin shipping tokenizer secretary stateful codec signature_algorithm")
        {
            assert!(!sensitive_parameter(name), "{name}");
        }
        assert!(!sensitive_member("code") && !sensitive_member("state") && !sensitive_member("token_endpoint"));
        for name in set("
            Content-Type WWW-Authenticate DPoP-Nonce Location Accept Access-Control-Allow-Credentials X-Request-Id
            Author X-Cache-Key Strict-Transport-Security")
        {
            assert!(!sensitive_header(name), "{name}");
        }
    }

    #[test]
    fn of_a_users_headers_only_the_harmless_are_shown() {
        for name in ["Accept", "content-type", "User-Agent", "X-Request-ID", "traceparent", "Sec-Fetch-Site"] {
            assert!(harmless_header(name), "{name}");
        }
        for name in ["Cookie", "X-Api-Key", "X-Custom", "Authorization", "Ocp-Apim-Subscription-Key", "X-Me", "Acceptance"] {
            assert!(!harmless_header(name), "{name}");
        }
    }

    #[test]
    fn codes_of_faults_can_not_be_redeemed() {
        for code in ["900901", "404", "not_found", "access_denied", "ERR-12", "AADSTS50011", "E1", ""] {
            assert!(!redeemable(code), "{code}");
        }
        for code in ["jkN_1ju9v3b", "a1b2c3d4", "4/0AX4XfWh", "1234567890", "SplxlOBeZQQYbYS6WxSbIA8"] {
            assert!(redeemable(code), "{code}");
        }
    }

    #[test]
    fn what_looks_made_by_a_machine() {
        for text in ["xoxb17653672481abc", "4fT9sKq2LmN8pQr1", "a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4"] {
            assert!(opaque(text), "{text}");
        }
        for text in [
            "orders",
            "my-realm-2024-production-eu",
            "0f5c1111-2222-3333-4444-55555555b318",
            "507f1f77bcf86cd799439011",
            "openid-configuration",
            "20261130T114522",
        ] {
            assert!(!opaque(text), "{text}");
        }
    }
}
