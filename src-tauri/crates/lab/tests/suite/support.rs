//! A client that does by hand what an OAuth client does, so that each test can also do it wrong.

use std::sync::{Arc, OnceLock};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use contract::{Contract, Release};
use lab::{GatewayRelease, Lab, Options, Server};
use reqwest::redirect::Policy;
use serde_json::Value;
use url::Url;

/// Where the pretended desktop program listens; nothing is ever sent there.
pub const REDIRECT: &str = "http://127.0.0.1:49152/callback";
/// RFC 7636 appendix B: a verifier and its challenge.
pub const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
/// The second all tests start at.
pub const NOW: i64 = 1_795_000_000;
pub const EXCHANGE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
pub const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";
pub const JWT_BEARER: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";

pub struct Bench {
    pub lab: Lab,
    pub http: reqwest::Client,
    release: GatewayRelease,
}

static V4_6: OnceLock<Contract> = OnceLock::new();
static V4_7: OnceLock<Contract> = OnceLock::new();

/// Whatever a test did: the contract was kept in it.
impl Drop for Bench {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.contract().assert_kept();
        }
    }
}

/// An answer, read to the end.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub text: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("JSON expected, got {}: {}", self.status, self.text))
    }

    /// A member of the JSON body as text.
    pub fn member(&self, name: &str) -> String {
        self.json()[name].as_str().unwrap_or_else(|| panic!("no {name} in {}: {}", self.status, self.text)).to_owned()
    }

    /// Status, error and description, to compare in one go.
    pub fn refusal(&self) -> (u16, String, String) {
        (self.status, self.member("error"), self.member("error_description"))
    }

    /// The parameters of a redirect.
    pub fn redirect(&self) -> Vec<(String, String)> {
        assert_eq!(self.status, 302, "{}", self.text);
        let url = Url::parse(self.header("location")).expect("a location");
        url.query_pairs().into_owned().collect()
    }
}

pub fn value(pairs: &[(String, String)], name: &str) -> String {
    pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone()).unwrap_or_default()
}

pub fn form(pairs: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

pub fn claims(token: &str) -> Value {
    let payload = token.split('.').nth(1).expect("a JWT");
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).expect("base64url")).expect("JSON claims")
}

pub fn header(token: &str) -> Value {
    let header = token.split('.').next().expect("a JWT");
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(header).expect("base64url")).expect("a JSON header")
}

/// The content of one token under the signature of another.
pub fn forged(token: &str, other: &str) -> String {
    let (content, _) = token.rsplit_once('.').expect("a JWT");
    let (_, signature) = other.rsplit_once('.').expect("a JWT");
    format!("{content}.{signature}")
}

impl Bench {
    pub async fn new() -> Self {
        Self::with(Options::default()).await
    }

    /// With Keycloak's legacy exchange switched on.
    pub async fn legacy() -> Self {
        Self::with(Options { legacy_exchange: true, ..Options::default() }).await
    }

    /// A lab of another kind, at the tests' time.
    pub async fn with(options: Options) -> Self {
        let release = options.gateway_release;
        let options = Options { clock: Arc::new(|| NOW * 1000), ..options };
        let lab = Lab::start(options).await.expect("the lab starts");
        let ca = reqwest::Certificate::from_pem(lab.description().ca_pem.as_bytes()).expect("a CA");
        let builder = reqwest::Client::builder().no_proxy().redirect(Policy::none()).tls_certs_only([ca]);
        Bench { http: builder.build().expect("an HTTP client"), lab, release }
    }

    /// Everything that went to and from the APIs with a published contract, held against it.
    pub fn contract(&self) -> contract::Report {
        let received = self.lab.received();
        let document = match self.release {
            GatewayRelease::V4_6 => V4_6.get_or_init(|| Contract::of(Release::V4_6)),
            GatewayRelease::V4_7 => V4_7.get_or_init(|| Contract::of(Release::V4_7)),
        };
        document.check_all(received.iter().filter(|one| one.server == Server::Gateway).filter_map(|one| {
            let answer = one.answer.as_ref()?;
            Some(contract::Traffic {
                method: &one.method,
                path: &one.path,
                request_type: one.header("content-type").unwrap_or_default(),
                request: &one.body,
                status: one.status?,
                answer_type: &answer.content_type,
                answer: &answer.body,
            })
        }))
    }

    pub fn realm(&self, path: &str) -> String {
        format!("{}/{path}", self.lab.description().issuer)
    }

    pub fn oidc(&self, path: &str) -> String {
        self.realm(&format!("protocol/openid-connect/{path}"))
    }

    pub fn gateway(&self, path: &str) -> String {
        format!("{}{path}", self.lab.description().gateway)
    }

    pub async fn send(&self, method: &str, url: &str, headers: &[(&str, &str)], body: String) -> Answer {
        let method = reqwest::Method::from_bytes(method.as_bytes()).expect("a method");
        let mut request = self.http.request(method, url).body(body);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = request.send().await.expect("an answer");
        let pair = |(name, value): (&reqwest::header::HeaderName, &reqwest::header::HeaderValue)| {
            (name.to_string(), value.to_str().unwrap_or_default().to_owned())
        };
        Answer {
            status: answer.status().as_u16(),
            headers: answer.headers().iter().map(pair).collect(),
            text: answer.text().await.expect("a body"),
        }
    }

    pub async fn get(&self, url: &str) -> Answer {
        self.send("GET", url, &[], String::new()).await
    }

    pub async fn get_bearer(&self, url: &str, token: &str) -> Answer {
        self.send("GET", url, &[("authorization", &format!("Bearer {token}"))], String::new()).await
    }

    /// A form post as a client, by Basic if it has a secret, by `client_id` if it has none.
    pub async fn post_as(&self, url: &str, client: &str, pairs: &[(&str, &str)]) -> Answer {
        let kind = ("content-type", "application/x-www-form-urlencoded");
        match self.lab.description().client(client).and_then(|client| client.secret.clone()) {
            Some(secret) => {
                let basic = format!("Basic {}", STANDARD.encode(format!("{client}:{secret}")));
                self.send("POST", url, &[kind, ("authorization", &basic)], form(pairs)).await
            }
            None => {
                let all: Vec<_> = pairs.iter().copied().chain([("client_id", client)]).collect();
                self.send("POST", url, &[kind], form(&all)).await
            }
        }
    }

    pub async fn token(&self, client: &str, pairs: &[(&str, &str)]) -> Answer {
        self.post_as(&self.oidc("token"), client, pairs).await
    }

    /// The authorization URL of `frontend` with some parameters changed; an empty value takes one out.
    pub fn auth_url(&self, changes: &[(&str, &str)]) -> String {
        let defaults = [
            ("client_id", "frontend"),
            ("response_type", "code"),
            ("redirect_uri", REDIRECT),
            ("scope", "openid"),
            ("state", "the-state"),
            ("nonce", "the-nonce"),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
        ];
        let kept = defaults.iter().filter(|(name, _)| !changes.iter().any(|(changed, _)| changed == name));
        let pairs: Vec<_> = kept.chain(changes.iter().filter(|(_, value)| !value.is_empty())).copied().collect();
        format!("{}?{}", self.oidc("auth"), form(&pairs))
    }

    /// Opens a login page: the form's address and the cookie that belongs to it.
    pub async fn login_page(&self, url: &str) -> (String, String) {
        let page = self.get(url).await;
        assert_eq!(page.status, 200, "{}", page.text);
        let action = page.text.split("action=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a form");
        let action = format!("{}{}", self.lab.description().provider, action.replace("&amp;", "&"));
        (action, cookie(&page))
    }

    pub async fn submit(&self, action: &str, cookie: &str, pairs: &[(&str, &str)]) -> Answer {
        let headers = [("content-type", "application/x-www-form-urlencoded"), ("cookie", cookie)];
        self.send("POST", action, &headers, form(pairs)).await
    }

    /// Signs a user in; gives the redirect back to the program.
    pub async fn sign_in(&self, user: &str, changes: &[(&str, &str)]) -> Answer {
        let (action, cookie) = self.login_page(&self.auth_url(changes)).await;
        self.submit(&action, &cookie, &[("username", user), ("password", user)]).await
    }

    pub async fn redeem(&self, code: &str) -> Answer {
        let pairs =
            [("grant_type", "authorization_code"), ("code", code), ("redirect_uri", REDIRECT), ("code_verifier", VERIFIER)];
        self.token("frontend", &pairs).await
    }

    /// The whole login: the token response of `frontend`.
    pub async fn tokens(&self, user: &str) -> Value {
        let answer = self.sign_in(user, &[]).await;
        let tokens = self.redeem(&value(&answer.redirect(), "code")).await;
        assert_eq!(tokens.status, 200, "{}", tokens.text);
        tokens.json()
    }

    pub async fn access_token(&self, user: &str) -> String {
        self.tokens(user).await["access_token"].as_str().expect("an access token").to_owned()
    }

    pub async fn exchange(&self, client: &str, subject: &str, more: &[(&str, &str)]) -> Answer {
        let base = [("grant_type", EXCHANGE), ("subject_token", subject), ("subject_token_type", ACCESS_TOKEN)];
        let pairs: Vec<_> = base.iter().chain(more).copied().collect();
        self.token(client, &pairs).await
    }

    pub async fn service_token(&self, client: &str) -> String {
        self.token(client, &[("grant_type", "client_credentials")]).await.member("access_token")
    }

    /// Saved events, newest first.
    pub async fn events(&self, query: &str) -> Vec<Value> {
        let token = self.service_token("audit-reader").await;
        let url = format!("{}/admin/realms/lab/events?{query}", self.lab.description().provider);
        let answer = self.get_bearer(&url, &token).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.json().as_array().expect("a list").clone()
    }

    pub async fn introspect(&self, client: &str, token: &str) -> Value {
        self.post_as(&self.oidc("token/introspect"), client, &[("token", token)]).await.json()
    }
}

/// The cookie an answer sets, as it is sent back.
pub fn cookie(answer: &Answer) -> String {
    answer.header("set-cookie").split(';').next().unwrap_or_default().to_owned()
}

/// The value of an `Authorization: Basic` header.
pub fn basic(name: &str, secret: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{name}:{secret}")))
}
