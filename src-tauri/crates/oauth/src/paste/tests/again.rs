//! What programs print: logs and traces, consoles of databases and languages, files of credentials, marks of documents. Letters
//! that stand for tokens as in [`super::wild`].

use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::wild::{filled, owned, table};

#[test]
fn consoles_of_languages_and_databases() {
    table(
        "consoles",
        &[
            ("access_token  : Λ100‹\n                ›\ntoken_type    : Bearer\nexpires_in    : 300", &["Λ"]),
            ("access_token  : ¶\ntoken_type    : Bearer", &["¶"]),
            ("1) \"access_token\"\n2) \"¶\"", &["¶"]),
            ("{ access_token: '¶', _id: ObjectId(\"65a1b2c3d4e5f6a7b8c9d0e1\") }", &["¶"]),
            (" id | access_token\n----+--------------\n  1 | §\n(1 row)", &["§"]),
            ("*************************** 1. row ***************************\n          id: 1\naccess_token: ¶", &["¶"]),
            (">>> print(token)\n§", &["§"]),
            (">>> token\n'§'", &["§"]),
            ("#<OAuth2::AccessToken token=\"¶\", expires_in=300>", &["¶"]),
            ("{:access_token=>\"¶\", :expires_in=>300}", &["¶"]),
            ("Array\n(\n    [access_token] => ¶\n    [expires_in] => 300\n)", &["¶"]),
            ("array(2) {\n  [\"access_token\"]=>\n  string(37) \"¶\"\n}", &["¶"]),
            ("Tokens{accessToken='¶', idToken='¤'}", &["¶", "¤"]),
            ("Token { AccessToken = 8a7b6c5d4e3f2a1b, ExpiresIn = 3 }", &["8a7b6c5d4e3f2a1b"]),
            ("{AccessToken:8a7b6c5d4e3f2a1b TokenType:bearer}", &["8a7b6c5d4e3f2a1b"]),
            ("%{access_token: \"¶\", expires_in: 300}", &["¶"]),
            ("[{<<\"access_token\">>,<<\"¶\">>}]", &["¶"]),
            ("{:access_token \"¶\" :expires_in 300}", &["¶"]),
            ("$access_token\n[1] \"¶\"", &["¶"]),
            ("access_token = [[¶]]", &["¶"]),
            (
                "OAuth2AuthorizedClient[accessToken=org.springframework.security.oauth2.core.OAuth2AccessToken@1f, tokenValue=¶]",
                &["¶"],
            ),
            ("let token: &str = \"¶\";", &["¶"]),
            ("const TOKEN: string = '¶' as const;", &["¶"]),
            ("private static final String ACCESS_TOKEN = \"¶\";", &["¶"]),
            ("#define ACCESS_TOKEN \"¶\"", &["¶"]),
            ("char *token = \"¶\";", &["¶"]),
            ("def test_api(token=\"¶\"):", &["¶"]),
            ("client = Client(access_token=\"¶\", timeout=3)", &["¶"]),
            ("pytest --token ¶ tests/", &["¶"]),
            ("mvn -Daccess.token=¶ test", &["¶"]),
            ("java -Dtoken=§ -jar a.jar", &["§"]),
        ],
    );
}

#[test]
fn logs_and_traces() {
    table(
        "logs",
        &[
            ("{\"log\":\"Authorization: Bearer §\\n\",\"stream\":\"stdout\",\"time\":\"2026-11-20T10:00:00Z\"}", &["§"]),
            ("{\"log\":\"sent access_token=¶ to api\\n\",\"stream\":\"stdout\"}", &["¶"]),
            ("{\"tags\":[{\"key\":\"http.request.header.authorization\",\"type\":\"string\",\"value\":\"Bearer §\"}]}", &["§"]),
            ("{\"attributes\":{\"http.request.header.authorization\":[\"Bearer ¶\"]}}", &["¶"]),
            (
                "{\"attributes\":[{\"key\":\"http.request.header.authorization\",\"value\":{\"stringValue\":\"Bearer §\"}}]}",
                &["§"],
            ),
            (
                "{\"type\":\"TOKEN\",\"authorizationToken\":\"¶\",\"methodArn\":\"arn:aws:execute-api:eu-west-1:123456789012:a/b\"}",
                &["¶"],
            ),
            (
                "{\"headers\":{\"authorization\":\"Bearer ¶\",\"host\":\"a.test\"},\"requestContext\":{\"requestId\":\"a1\"}}",
                &["¶"],
            ),
            ("authorization: [Bearer ¶]", &["¶"]),
            ("metadata: map[authorization:[Bearer ¶] user-agent:[grpc-go/1.60]]", &["¶"]),
            (
                "2026-11-20 10:00:00.123 TRACE 1 --- [nio-8080] o.s.w.c.RestTemplate : HTTP GET, headers=[Authorization:\"Bearer ¶\"]",
                &["¶"],
            ),
            ("DEBUG org.apache.http.headers - http-outgoing-0 >> Authorization: Bearer §", &["§"]),
            ("DEBUG org.apache.http.wire - http-outgoing-0 >> \"Authorization: Bearer §[\\r][\\n]\"", &["§"]),
            ("--> GET https://a.test\nAuthorization: Bearer ¶\n--> END GET", &["¶"]),
            ("I/OkHttp: Authorization: Bearer §", &["§"]),
            ("[2026-11-20T10:00:00.000Z] \"GET /x?access_token=§ HTTP/1.1\" 200 - \"-\"", &["§"]),
            ("Nov 20 10:00:00 host kernel: audit: token=¶", &["¶"]),
            ("nov. 20 oauth2-proxy[1]: X-Auth-Request-Access-Token: §", &["§"]),
            ("send: b'GET / HTTP/1.1\\r\\nHost: a.test\\r\\nAuthorization: Bearer §\\r\\n\\r\\n'", &["§"]),
            ("* Server auth using Bearer with user ''\n> authorization: Bearer ¶", &["¶"]),
            ("=> Send header\n0000: Authorization: Bearer §", &["§"]),
            ("\u{1b}[36mAuthorization\u{1b}[39;49;00m: Bearer §\u{1b}[39;49;00m", &["§"]),
            ("X-Vault-Token: hvs.CAESIJ1x2y3z4a5b6c7d8e9f", &["hvs.CAESIJ1x2y3z4a5b6c7d8e9f"]),
            ("PRIVATE-TOKEN: glpat-aB3dE5fG7hJ9kL1mN3pQ", &["glpat-aB3dE5fG7hJ9kL1mN3pQ"]),
            ("X-Auth-Token: 8a7b6c5d4e3f2a1b", &["8a7b6c5d4e3f2a1b"]),
        ],
    );
}

#[test]
fn files_of_credentials_and_documents() {
    let docker = STANDARD.encode("alice:ghp_1B4a2e77838347a71B4a2e77838347a7abcd");
    let rows: Vec<(String, &[&str])> = vec![
        (
            filled(
                "{\"endpoints\":{\"http://a.test\":{\"master\":{\"clientId\":\"admin-cli\",\"token\":\"§\",\"refreshToken\":\"¤\",\"sigExpiresAt\":0}}}}",
            ),
            &["§", "¤"],
        ),
        (format!("{{\"auths\":{{\"ghcr.io\":{{\"auth\":\"{docker}\"}}}}}}"), &["ghp_1B4a2e77838347a71B4a2e77838347a7abcd"]),
        (
            filled(
                "github.com:\n    user: alice\n    oauth_token: gho_1B4a2e77838347a71B4a2e77838347a7abcd\n    git_protocol: https",
            ),
            &["gho_1B4a2e77838347a71B4a2e77838347a7abcd"],
        ),
        (
            filled("https://alice:ghp_1B4a2e77838347a71B4a2e77838347a7abcd@github.com"),
            &["ghp_1B4a2e77838347a71B4a2e77838347a7abcd"],
        ),
        (
            filled("credentials \"app.terraform.io\" {\n  token = \"a1B2c3D4e5F6g7.atlasv1.h8I9j0K1l2M3n4O5p6Q7r8S9t0\"\n}"),
            &["a1B2c3D4e5F6g7.atlasv1.h8I9j0K1l2M3n4O5p6Q7r8S9t0"],
        ),
        (filled("<td>§</td>"), &["§"]),
        (filled("<tr><td>access_token</td><td>¶</td></tr>"), &["¶"]),
        (filled("<code>Bearer §</code>"), &["§"]),
        (filled("&lt;§&gt;"), &["§"]),
        (filled("<![CDATA[§]]>"), &["§"]),
        (filled("[token](https://a.test/?token=§)"), &["§"]),
        (filled("| name | value |\n|---|---|\n| access_token | `¶` |"), &["¶"]),
        (filled("* access_token: ¶\n* id_token: ¤"), &["¶", "¤"]),
        (filled("\"name\",\"access_token\"\n\"alice\",\"§\""), &["§"]),
        (filled("access_token;§\nid_token;¤"), &["§", "¤"]),
        (filled("§\\n"), &["§"]),
        (filled("\"§\\n\""), &["§"]),
        (filled("§%0A"), &["§"]),
        (filled("§%0D%0A"), &["§"]),
        (filled("token=§%3D%3D"), &["§=="]),
        (
            filled("eyJhbGciOiJSUzI1NiIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19..AAAA"),
            &["eyJhbGciOiJSUzI1NiIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19..AAAA"],
        ),
        (
            filled("x-jws-signature: eyJhbGciOiJSUzI1NiIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19..AAAA"),
            &["eyJhbGciOiJSUzI1NiIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19..AAAA"],
        ),
        (
            filled(
                "{\n  \"payload\": \"eyJzdWIiOiJhIn0\",\n  \"protected\": \"eyJhbGciOiJSUzI1NiJ9\",\n  \"signature\": \"AAAA\"\n}",
            ),
            &["{\n  \"payload\": \"eyJzdWIiOiJhIn0\",\n  \"protected\": \"eyJhbGciOiJSUzI1NiJ9\",\n  \"signature\": \"AAAA\"\n}"],
        ),
        (
            filled("Authorization: Bearer v4.public.eyJzdWIiOiJhIn0AAAAAAAAAAAAAAAAAAAAA"),
            &["v4.public.eyJzdWIiOiJhIn0AAAAAAAAAAAAAAAAAAAAA"],
        ),
        (
            filled("curl -H 'Authorization: Bearer v2.local.AAAAAAAAAAAAAAAAAAAAAAAA.Zm9v' https://a.test"),
            &["v2.local.AAAAAAAAAAAAAAAAAAAAAAAA.Zm9v"],
        ),
        (filled("token: Λ\n\ncurl -H \"Authorization: Bearer Λ\" https://a.test"), &["Λ"]),
        (filled("Λ\nBearer Λ\n\"Λ\"\nΛ76‹\n›"), &["Λ"]),
        (filled("old: §\nnew: Λ"), &["§", "Λ"]),
        (filled("{\"old\":\"§\",\"new\":{\"access_token\":\"Λ\"}}"), &["§", "Λ"]),
        (filled("Access Token\n§\nID Token\n¤"), &["§", "¤"]),
        (filled("Access token: ¶\nRefresh token: ref-8a7b6c5d4e3f2a1b"), &["¶", "ref-8a7b6c5d4e3f2a1b"]),
        (filled("Token (expires in 5 min): §"), &["§"]),
        (
            filled("Copy this token now, you will not see it again:\n\nghp_1B4a2e77838347a71B4a2e77838347a7abcd\n"),
            &["ghp_1B4a2e77838347a71B4a2e77838347a7abcd"],
        ),
    ];
    owned("documents", &rows);
}
