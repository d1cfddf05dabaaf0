//! Where a secret of the run is planted: places of an answer, and fields of a draft.

use record::operation::{Draft, Operation};

use super::desk::{Desk, answer, json, pair};

/// A place of an answer that holds a text.
#[derive(Clone, Copy)]
pub struct Echo {
    pub name: &'static str,
    pub answer: fn(&str) -> Vec<u8>,
}

pub const ECHOES: &[Echo] = &[
    Echo {
        name: "error_description",
        answer: |text| json(400, &format!(r#"{{"error":"invalid_grant","error_description":"said {text} twice"}}"#)),
    },
    Echo { name: "a member's name", answer: |text| json(200, &format!(r#"{{"seen":{{"{text}":1,"list":["a","{text}"]}}}}"#)) },
    Echo {
        name: "JSON in a JSON string",
        answer: |text| json(400, &format!(r#"{{"error":"x","body":"{{\"n\":\"{text}\"}}"}}"#)),
    },
    Echo { name: "broken JSON", answer: |text| json(500, &format!(r#"{{"error":"x","deep":[{{"n":"{text}""#)) },
    Echo { name: "deep JSON", answer: |text| json(400, &format!("{}\"{text}\"{}", "[".repeat(90), "]".repeat(90))) },
    Echo {
        name: "prose",
        answer: |text| answer(500, &[("Content-Type", "text/plain")], &format!("Something said {text}, and broke.")),
    },
    Echo {
        name: "a page",
        answer: |text| {
            answer(403, &[("Content-Type", "text/html")], &format!("<html><p title=\"{text}\">no <b>{text}</b></p></html>"))
        },
    },
    Echo {
        name: "XML",
        answer: |text| answer(500, &[("Content-Type", "text/xml")], &format!("<fault><d>{text}</d><![CDATA[{text}]]></fault>")),
    },
    Echo { name: "a header", answer: |text| answer(200, &[("Content-Type", "text/plain"), ("X-Echo", text)], "ok") },
    Echo {
        name: "a challenge",
        answer: |text| {
            answer(
                401,
                &[("WWW-Authenticate", &format!("Bearer realm=\"r\", error=\"invalid_token\", error_description=\"no {text}\""))],
                "",
            )
        },
    },
    Echo {
        name: "Location",
        answer: |text| answer(302, &[("Location", &format!("http://127.0.0.1:9/there/{text}?note={text}#x={text}"))], ""),
    },
    Echo {
        name: "cookies",
        answer: |text| answer(200, &[("Set-Cookie", &format!("KC={text}; Path=/{text}")), ("Content-Type", "text/plain")], "ok"),
    },
];

/// A draft with a secret in it.
pub struct Sent {
    pub name: &'static str,
    pub operation: Operation,
    pub values: Vec<(&'static str, String)>,
    pub extra: Vec<(&'static str, String)>,
    pub planted: &'static str,
}

impl Sent {
    /// The draft at a server.
    pub fn draft(&self, desk: &Desk) -> Draft {
        let host = desk.base.trim_start_matches("http://");
        let fill = |value: &str| value.replace("{base}", &desk.base).replace("{host}", host);
        let pairs = |pairs: &[(&'static str, String)]| pairs.iter().map(|(name, value)| pair(name, &fill(value))).collect();
        Draft { extra: pairs(&self.extra), values: pairs(&self.values), ..desk.draft(self.operation, &[]) }
    }
}

/// In the values of a call `{s}` is the secret and `{base}` the server.
const CALLS: &[(&str, &str, &str, &str)] = &[
    ("api_key in the query", "{base}/orders/1?api_key={s}", "", ""),
    ("access_token in the query", "{base}/orders/1?access_token={s}", "", ""),
    ("sig of a shared access signature", "{base}/c/b?sv=2022-11-02&sp=r&sig={s}", "", ""),
    ("X-Amz-Signature", "{base}/b/o?X-Amz-Date=20261130T114522Z&X-Amz-Signature={s}", "", ""),
    ("X-Amz-Security-Token", "{base}/b/o?X-Amz-Security-Token={s}", "", ""),
    ("X-Goog-Signature", "{base}/b/o?X-Goog-Signature={s}", "", ""),
    ("subscription-key in the query", "{base}/orders/1?subscription-key={s}", "", ""),
    ("code in the query", "{base}/orders/1?code={s}", "", ""),
    ("user[password] in the query", "{base}/orders/1?user[password]={s}", "", ""),
    ("client_secret, escaped name", "{base}/orders/1?client%5Fsecret={s}", "", ""),
    ("jsessionid in the path", "{base}/orders;jsessionid={s}/1", "", ""),
    ("JSON in the query", "{base}/orders/1?q=%7B%22password%22:%22{s}%22%7D", "", ""),
    ("an address in the query", "{base}/orders/1?next=https%3A%2F%2Fh%2F%3Ftoken%3D{s}", "", ""),
    ("a hook's path", "{base}/services/T01/B02/{s}", "", ""),
    ("Cookie", "{base}/orders/1", "Cookie: KC_SESSION={s}; theme=dark", ""),
    ("X-Api-Key", "{base}/orders/1", "X-Api-Key: {s}", ""),
    ("Ocp-Apim-Subscription-Key", "{base}/orders/1", "Ocp-Apim-Subscription-Key: {s}", ""),
    ("x-functions-key", "{base}/orders/1", "x-functions-key: {s}", ""),
    ("X-Auth-Token", "{base}/orders/1", "X-Auth-Token: {s}", ""),
    ("X-Vault-Token", "{base}/orders/1", "X-Vault-Token: {s}", ""),
    ("Private-Token", "{base}/orders/1", "PRIVATE-TOKEN: {s}", ""),
    ("X-Amz-Security-Token header", "{base}/orders/1", "X-Amz-Security-Token: {s}", ""),
    ("Authorization Basic", "{base}/orders/1", "Authorization: Basic dTpaUTd4UGxhbnRlZDlrMDJXbTNWdVI4", ""),
    ("Authorization Bearer", "{base}/orders/1", "Authorization: Bearer {s}", ""),
    (
        "Authorization AWS4",
        "{base}/orders/1",
        "Authorization: AWS4-HMAC-SHA256 Credential=AKIA/x, SignedHeaders=host, Signature={s}",
        "",
    ),
    ("Authorization without scheme", "{base}/orders/1", "Authorization: {s}", ""),
    ("Authorization of an own scheme", "{base}/orders/1", "Authorization: Whatever id=\"{s}\"", ""),
    ("Proxy-Authorization", "{base}/orders/1", "Proxy-Authorization: Digest response=\"{s}\"", ""),
    ("a header nobody knows", "{base}/orders/1", "X-Acme: {s}", ""),
    ("another header nobody knows", "{base}/orders/1", "Tenant-Thing: v1 {s}", ""),
    ("X-Signature", "{base}/orders/1", "X-Hub-Signature-256: sha256={s}", ""),
    ("X-Client-Cert", "{base}/orders/1", "X-Client-Cert: {s}", ""),
    ("two headers", "{base}/orders/1", "Accept: text/plain\nX-One: {s}\nX-Two: {s}", ""),
    ("Idempotency-Key", "{base}/orders/1", "Idempotency-Key: {s}", ""),
    ("X-CSRF-Token", "{base}/orders/1", "X-CSRF-Token: {s}", ""),
    ("a JSON body", "{base}/orders", "", r#"{"a":[{"client_secret":"{s}"}]}"#),
    ("a JSON body, camel case", "{base}/orders", "", r#"{"clientSecret":"{s}"}"#),
    ("a JSON body, key and value", "{base}/orders", "", r#"{"name":"password","value":"{s}"}"#),
    ("a JSON body, value and key", "{base}/orders", "", r#"{"value":"{s}","name":"api_key"}"#),
    ("a JSON body in a JSON body", "{base}/orders", "", r#"{"body":"{\"password\":\"{s}\"}"}"#),
    ("a list of passwords", "{base}/orders", "", r#"{"passwords":["{s}","{s}"]}"#),
    ("a private JWK", "{base}/orders", "", r#"{"kty":"OKP","crv":"Ed25519","x":"pub","d":"{s}"}"#),
    ("a form body", "{base}/orders", "Content-Type: application/x-www-form-urlencoded", "a=1&password={s}&b=2"),
    ("a form body without a type", "{base}/orders", "", "a=1&client_secret={s}"),
    ("an XML body", "{base}/orders", "Content-Type: text/xml", "<e><wsse:Password Type=\"t\">{s}</wsse:Password></e>"),
    ("an XML attribute", "{base}/orders", "Content-Type: text/xml", "<user name=\"a\" password=\"{s}\"/>"),
    ("an XML property", "{base}/orders", "Content-Type: text/xml", "<p><property name=\"client_secret\" value=\"{s}\"/></p>"),
    ("an XML entry", "{base}/orders", "Content-Type: text/xml", "<p><entry key=\"api.key\"><![CDATA[{s}]]></entry></p>"),
    ("a YAML body", "{base}/orders", "Content-Type: text/yaml", "user: a\nclient_secret: {s}\nx: 1"),
    ("a settings body", "{base}/orders", "Content-Type: text/plain", "spring.datasource.password = {s}\nx=1"),
    (
        "a multipart body",
        "{base}/orders",
        "Content-Type: multipart/form-data; boundary=b",
        "--b\nContent-Disposition: form-data; name=\"password\"\n\n{s}\n--b--",
    ),
    ("a GraphQL body", "{base}/orders", "", r#"{"query":"mutation { login(password: \"{s}\") }"}"#),
    ("a broken JSON body", "{base}/orders", "", r#"{"a":{"refresh_token":"{s}","b":"#),
];

/// Drafts with a secret at each place a user can put one.
pub fn sent() -> Vec<Sent> {
    const SECRET: &str = "ZQ7xPlanted9k02Wm3VuR8";
    let mut all: Vec<Sent> = CALLS
        .iter()
        .map(|(name, url, headers, body)| {
            let fill = |text: &str| text.replace("{s}", SECRET);
            let mut values = vec![("url", fill(url)), ("headers", fill(headers)), ("body", fill(body))];
            if !body.is_empty() {
                values.push(("method", "POST".into()));
            }
            values.retain(|(_, value)| !value.is_empty());
            Sent { name, operation: Operation::CallApi, values, extra: Vec::new(), planted: SECRET }
        })
        .collect();
    for (name, parameter) in [
        ("an extra client_assertion", "client_assertion"),
        ("an extra password", "password"),
        ("an extra api_key", "apiKey"),
        ("an extra nonce", "nonce"),
        ("an extra SAMLResponse", "SAMLResponse"),
        ("an extra device_code", "device_code"),
        ("an extra otp", "totp"),
        ("an extra request_uri", "request_uri"),
    ] {
        all.push(Sent {
            name,
            operation: Operation::ClientCredentials,
            values: vec![("client", "app".into())],
            extra: vec![(parameter, SECRET.into())],
            planted: SECRET,
        });
    }
    all.push(Sent {
        name: "the password of a test user",
        operation: Operation::Password,
        values: vec![("client", "app".into()), ("username", "alice".into()), ("password", SECRET.into())],
        extra: Vec::new(),
        planted: SECRET,
    });
    all
}
