//! What a server says that nobody here knows: told by its name, its place or its looks.

use super::desk::{answer, json};

/// An answer with a secret in it.
pub struct Said {
    pub name: String,
    pub answer: Vec<u8>,
    pub planted: String,
}

/// Names a server may put a secret under.
const NAMES: &[&str] = &[
    "access_token",
    "refresh_token",
    "id_token",
    "client_secret",
    "clientSecret",
    "password",
    "newPassword",
    "api_key",
    "apiKey",
    "device_code",
    "registration_access_token",
    "private_key",
    "secret",
    "SecretAccessKey",
    "session_token",
    "csrf_token",
    "code_verifier",
    "assertion",
    "SAMLResponse",
    "passphrase",
    "nonce",
    "otp",
    "ticket",
    "authorization_code",
    "accountKey",
    "consumerSecret",
    "jwt",
    "cookie",
    "recovery_codes",
    "subscription-key",
];

/// Shapes that tell themselves.
const SHAPES: &[(&str, &str)] = &[
    ("a JWT", "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJwbGFudGVkIn0.c2lnbmF0dXJlLXBsYW50ZWQ"),
    (
        "a JWE",
        "eyJhbGciOiJSU0EtT0FFUCJ9.OKOawDo13gRp2ojaHV7LFpZcgV7T6DVZKTyK.48V1_ALb6US04U3b.5eym8TW_c8SuK0ltJ3rpYI.XFBoMYUZodetZdvTiFvSkQ",
    ),
    ("a GitHub token", "ghp_16C7e42F292c6912E7710c838347Ae178B4a"),
    ("a fine-grained GitHub token", "github_pat_11ABCDEFG0aBcDeFgHiJkL_mNoPqRsTuVwXyZ"),
    ("a GitLab token", "glpat-aB3dE5gH7jK9mN1pQ3sT"),
    ("a Slack token", "xoxb-123456789012-abcDEF123456"),
    ("a Stripe key", "sk_live_4eC39HqLyjWDarjtT1zdp7dc"),
    ("an AWS key id", "AKIAIOSFODNN7EXAMPLE"),
    ("a Google API key", "AIzaSyD-9tSrke72PouQMnMX-a7eZSW0jkFMBWY"),
    ("a Google client secret", "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"),
    ("a Google access token", "ya29.a0AfH6SMBx7qz1lP9kY3cT"),
    ("an Azure client secret", "gF18Q~Zq3vT0kLm9xWcB7nRdYsAe5uHjPo2iQa_x"),
    ("an npm token", "npm_aB3dE5gH7jK9mN1pQ3sT5vX7zA9cE1fG3hJ"),
    ("a SendGrid key", "SG.aB3dE5gH7jK9mN1pQ3sT5v.X7zA9cE1fG3hJ5kL7mN9pQ1rS3tU5vW7xY9z"),
    ("a Vault token", "hvs.CAESIJ1aB3dE5gH7jK9mN1pQ3sT5v"),
    ("a SAML message", "PHNhbWxwOlJlc3BvbnNlIHhtbG5zOnNhbWxwPSJ1cm46b2FzaXM6bmFtZXM6dGM6U0FNTDoyLjAi"),
];

/// Whole answers; `{s}` is the secret.
const ANSWERS: &[(&str, &str, &str)] = &[
    ("a hidden field", "text/html", "<form><input type=\"hidden\" name=\"SAMLResponse\" value=\"{s}\"/></form>"),
    ("a hidden field, turned round", "text/html", "<form><input value='{s}' name='code'></form>"),
    ("a password field", "text/html", "<form><input type=password name=x value={s}></form>"),
    ("a meta tag", "text/html", "<meta name=\"csrf-token\" content=\"{s}\">"),
    ("a link", "text/html", "<a href=\"https://h/cb?code={s}&amp;iss=x\">on</a>"),
    ("a script", "text/html", "<script>var config = { apiKey: '{s}', x: 1 };</script>"),
    ("an attribute behind a quote", "text/html", "<p>it's</p><user password=\"{s}\">"),
    ("a SOAP password", "text/xml", "<s:E><wsse:Password>{s}</wsse:Password></s:E>"),
    ("a nested element", "text/xml", "<password><value>{s}</value></password>"),
    ("CDATA", "text/xml", "<x><client_secret><![CDATA[{s}]]></client_secret></x>"),
    ("XML in JSON", "application/json", r#"{"body":"<password>{s}<\/password>"}"#),
    ("escaped XML", "text/xml", "<d>&lt;password&gt;{s}&lt;/password&gt;</d>"),
    ("a signature of SAML", "text/xml", "<ds:SignatureValue>{s}</ds:SignatureValue>"),
    ("prose, password", "text/plain", "The login failed (password: {s}) at noon."),
    ("prose, quoted", "text/plain", "invalid password='{s}' for alice"),
    ("prose, api key", "text/plain", "rejected api_key: {s}"),
    ("a dumped request", "text/plain", "GET / HTTP/1.1\nX-Api-Key: {s}\nAccept: */*"),
    ("a dumped cookie", "text/plain", "GET / HTTP/1.1\nCookie: JSESSIONID={s}; b=c\nAccept: */*"),
    ("a dumped Authorization", "text/plain", "headers: Authorization: Basic {s}"),
    ("a dumped own scheme", "text/plain", "Authorization: Custom {s}"),
    ("a settings file", "text/plain", "client_secret = {s}\nissuer = x"),
    ("an environment", "text/plain", "AWS_SECRET_ACCESS_KEY={s}"),
    ("a connection string", "text/plain", "DefaultEndpointsProtocol=https;AccountName=a;AccountKey={s};EndpointSuffix=x"),
    ("a database address", "text/plain", "cannot reach postgres://app:{s}@db:5432/orders"),
    ("a Ruby hash", "text/plain", "{:user=>'a', 'password' => '{s}'}"),
    ("a Python dictionary", "text/plain", "{'user': 'a', 'client_secret': '{s}'}"),
    ("escaped JSON", "text/plain", r#"{\"password\":\"{s}\"}"#),
    ("twice escaped JSON", "text/plain", r#"{\\\"password\\\":\\\"{s}\\\"}"#),
    ("JSON in percent", "text/plain", "body=%7B%22password%22%3A%22{s}%22%7D"),
    ("a shared access signature", "text/plain", "see https://a.blob/x?sv=1&sig={s}&se=2"),
    ("a private key", "text/plain", "-----BEGIN PRIVATE KEY-----\n{s}{s}{s}\n-----END PRIVATE KEY-----"),
    (
        "a private key in JSON",
        "application/json",
        r#"{"pem":"-----BEGIN RSA PRIVATE KEY-----\n{s}{s}\n-----END RSA PRIVATE KEY-----"}"#,
    ),
    ("half a private key", "text/plain", "-----BEGIN EC PRIVATE KEY-----\n{s}{s}"),
    ("a private JWK", "application/json", r#"{"keys":[{"kty":"RSA","n":"public","e":"AQAB","d":"{s}"}]}"#),
    ("a private JWK, cut off", "application/json", r#"{"keys":[{"kty":"RSA","n":"public","d":"{s}","p":"#),
    ("a name and its value", "application/json", r#"[{"name":"client_secret","value":"{s}"}]"#),
    ("a value and its name", "application/json", r#"[{"value":"{s}","key":"password"}]"#),
    (
        "a deep password",
        "application/json",
        "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[{\"password\":\"{s}\"}]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]",
    ),
    ("a password that is an object", "application/json", r#"{"client_secret":{"current":"{s}","old":["{s}"]}}"#),
    ("an authorization code", "application/json", r#"{"code":"{s}"}"#),
    ("lines of JSON", "application/x-ndjson", "{\"a\":1}\n{\"password\":\"{s}\"}\n"),
    ("a form", "application/x-www-form-urlencoded", "oauth_token_secret={s}&x=1"),
    ("German prose", "text/plain", "Das Kennwort lautet: {s}"),
    ("Spanish prose", "text/plain", "contraseña: {s}"),
    ("a word in another script", "text/plain", "пароль: {s}"),
    ("a wide colon", "text/plain", "密码：{s}"),
    ("prose without a sign", "text/plain", "The password is {s}"),
    ("a token in a sentence", "text/plain", "refresh token {s} is expired"),
    ("an option of a command", "text/plain", "curl --password {s} https://x"),
    ("a table", "text/plain", "| password | {s} |"),
    ("a list of terms", "text/html", "<dt>Password</dt><dd>{s}</dd>"),
    ("a pair of elements", "text/xml", "<entry><name>password</name><value>{s}</value></entry>"),
    ("a rejected value", "application/json", r#"{"field":"password","rejectedValue":"{s}"}"#),
    ("a code that confirms", "application/json", r#"{"verification_code":"{s}"}"#),
    ("one of several tokens", "application/json", r#"{"token_v2":"{s}"}"#),
    ("a private JWK in Python", "text/plain", "{'kty': 'RSA', 'n': 'public', 'd': '{s}'}"),
    ("a private key without its armour", "text/plain", "MIIEpAIBAAKCAQEA0pQ3{s}{s}"),
    ("a user part without a scheme", "text/plain", "//me:{s}@host/x"),
    ("a user part with a slash", "text/plain", "https://me:{s}/x@host/"),
    ("a bearer in quotes", "text/plain", "Bearer \"{s}\""),
    ("the owner of a password", "text/plain", "password of alice: {s}"),
    ("the owner of a secret", "text/plain", "the client secret of orders-batch is {s}"),
    ("user and password of curl", "text/plain", "curl -u app:{s} https://x"),
    ("a long option of curl", "text/plain", "curl --user 'app:{s}' https://x"),
    ("an option of mysql", "text/plain", "mysql -u root -p{s} orders"),
    ("an option of sshpass", "text/plain", "sshpass -p {s} ssh a@b"),
    ("the environment of psql", "text/plain", "PGPASSWORD={s} psql -h db"),
    ("CSV", "text/csv", "user,password\nalice,{s}"),
    ("CSV with semicolons", "text/csv", "user;client_secret;x\r\nalice;{s};1\r\n"),
    ("a table of Markdown", "text/plain", "| user | password |\n|---|---|\n| alice | {s} |"),
    ("SQL", "text/plain", "INSERT INTO u (name, password) VALUES ('a', '{s}')"),
    ("PHP", "text/plain", "a:1:{s:8:\"password\";s:21:\"{s}\";}"),
    ("a session of PHP", "text/plain", "user|s:1:\"a\";password|s:21:\"{s}\";"),
    ("a pair in a list", "application/json", "{\"params\":[[\"password\",\"{s}\"]]}"),
    ("an option in a list", "application/json", "{\"args\":[\"--password\",\"{s}\"]}"),
    ("a header in a list", "application/json", "{\"headers\":[\"X-Api-Key\",\"{s}\"]}"),
    ("auth", "application/json", "{\"auth\":\"{s}\"}"),
    ("a place and an input", "application/json", "{\"detail\":[{\"loc\":[\"body\",\"password\"],\"input\":\"{s}\"}]}"),
    ("a pointer and its data", "application/json", "{\"instancePath\":\"/password\",\"data\":\"{s}\"}"),
    ("a block of YAML", "text/yaml", "client_secret: |\n  {s}\nissuer: x"),
    ("an environment in YAML", "text/yaml", "env:\n  - name: DB_PASSWORD\n    value: {s}\n"),
    ("a pair of texts in XML", "text/xml", "<entry><string>client_secret</string><string>{s}</string></entry>"),
    ("a private key of .NET", "text/xml", "<RSAKeyValue><Modulus>public</Modulus><D>{s}</D></RSAKeyValue>"),
    ("a key of PuTTY", "text/plain", "PuTTY-User-Key-File-3: ssh-ed25519\nPrivate-Lines: 1\n{s}{s}\nPrivate-MAC: 00"),
    (
        "a key of OpenSSH in YAML",
        "text/yaml",
        "key: |\n  -----BEGIN OPENSSH PRIVATE KEY-----\n  {s}\n  -----END OPENSSH PRIVATE KEY-----\n",
    ),
    ("an address without slashes", "text/plain", "https:me:{s}@host/"),
    ("JDBC", "text/plain", "jdbc:sqlserver://h;user=a;password={s}"),
    ("JDBC of Oracle", "text/plain", "jdbc:oracle:thin:me/{s}@host:1521/x"),
    ("AMQP", "text/plain", "amqp://u:{s}@h"),
    ("a connection", "text/plain", "Server=x;Uid=a;Pwd={s}"),
    ("Digest", "text/plain", "Authorization: Digest username=\"a\", response=\"{s}\""),
    ("cnonce", "text/plain", "Digest username=\"a\", cnonce=\"{s}\""),
    ("GNAP", "text/plain", "GNAP {s}"),
    ("GoogleLogin", "text/plain", "GoogleLogin auth={s}"),
    ("Hawk", "text/plain", "Hawk id=\"a\", mac=\"{s}\""),
    ("AWS4", "text/plain", "AWS4-HMAC-SHA256 Credential=a/2, Signature={s}"),
    ("multipart", "multipart/form-data", "--b\r\nContent-Disposition: form-data; name=\"client_secret\"\r\n\r\n{s}\r\n--b--"),
];

/// Headers of an answer.
const HEADERS: &[(&str, &str)] = &[
    ("Set-Cookie", "KC={s}; Path=/"),
    ("Set-Cookie2", "KC={s}"),
    ("X-Api-Key", "{s}"),
    ("X-Auth-Token", "{s}"),
    ("X-Subject-Token", "{s}"),
    ("X-CSRF-Token", "{s}"),
    ("X-Session", "{s}"),
    ("X-JWT-Assertion", "{s}"),
    ("Authorization", "Bearer {s}"),
    ("Authentication-Info", "nextnonce=\"x\", token=\"{s}\""),
    ("X-Amz-Security-Token", "{s}"),
    ("X-Client-Secret", "{s}"),
    ("X-New-Password", "{s}"),
    ("Location", "https://app.example/cb?code={s}&state=x"),
    ("Location", "https://app.example/cb#access_token={s}"),
    ("Location", "https://me:{s}@app.example/"),
    ("Content-Location", "/x?token={s}"),
    ("Refresh", "0; url=https://app.example/cb?code={s}"),
    ("Link", "<https://app.example/?api_key={s}>; rel=next"),
    ("X-Debug", "client_secret={s}"),
    ("X-Acme", "{s}"),
    ("WWW-Authenticate", "Bearer realm=\"r\", access_token=\"{s}\""),
];

/// Headers nobody knows whose names smell of a secret.
const SMELLING: &[&str] =
    &["X-Pin", "X-Otp", "X-Session", "X-Sid", "X-Sso", "X-Bearer", "X-Verification", "X-Creds", "X-Grant", "X-Pw"];

/// Answers in which the place alone tells a short secret.
const SHORT: &[(&str, &str, &str)] = &[
    ("the owner of a password", "text/plain", "password of alice: {s}"),
    ("curl", "text/plain", "curl -u app:{s} https://x"),
    ("mysql", "text/plain", "mysql -p{s} orders"),
    ("CSV", "text/csv", "user,password\nalice,{s}"),
    ("a pair in a list", "application/json", "[\"password\",\"{s}\"]"),
    ("a place and an input", "application/json", "{\"loc\":[\"body\",\"password\"],\"input\":\"{s}\"}"),
    ("a block of YAML", "text/yaml", "password: >-\n  {s}\n"),
    ("an address without slashes", "text/plain", "https:me:{s}@host/"),
    ("a quoted secret", "text/plain", "client secret '{s}' does not match"),
];

/// Answers in which a secret is told by its name, its place or its looks.
pub fn said() -> Vec<Said> {
    const SECRET: &str = "ZQ7x-Said49k02Wm3VuR8";
    let mut all: Vec<Said> = Vec::new();
    let mut add = |name: String, answer: Vec<u8>, planted: &str| all.push(Said { name, answer, planted: planted.into() });
    for name in NAMES {
        add(format!("{name} in JSON"), json(200, &format!(r#"{{"a":{{"{name}":"{SECRET}"}}}}"#)), SECRET);
        add(format!("{name} in a query"), json(400, &format!(r#"{{"error":"x","path":"/a?b=1&{name}={SECRET}&c=2"}}"#)), SECRET);
        let element = format!("<r><{name}>{SECRET}</{name}></r>");
        add(format!("{name} in XML"), answer(500, &[("Content-Type", "text/xml")], &element), SECRET);
    }
    for (name, shape) in SHAPES {
        add(format!("{name} in JSON"), json(200, &format!(r#"{{"note":"it is {shape} now","list":["{shape}"]}}"#)), shape);
        add(
            format!("{name} in text"),
            answer(500, &[("Content-Type", "text/plain"), ("X-Note", shape)], &format!("got {shape}, sorry")),
            shape,
        );
    }
    for (name, kind, body) in ANSWERS {
        add((*name).into(), answer(400, &[("Content-Type", kind)], &body.replace("{s}", SECRET)), SECRET);
    }
    for (name, value) in HEADERS {
        add(format!("the header {name}: {value}"), answer(200, &[(name, &value.replace("{s}", SECRET))], "ok"), SECRET);
    }
    // What a person made up is short, and only its name tells it.
    const WORD: &str = "kUerbis77";
    for name in SMELLING {
        add(format!("the header {name} with a short value"), answer(200, &[(name, WORD)], "ok"), WORD);
    }
    for (name, kind, body) in SHORT {
        add(format!("{name}, short"), answer(400, &[("Content-Type", kind)], &body.replace("{s}", WORD)), WORD);
    }
    all
}
