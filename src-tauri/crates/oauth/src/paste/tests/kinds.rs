//! What people really paste, by kinds. In a text `§` stands for an access token, `¤` for an ID token, `¶` for a token nobody can read.

use super::{ID, JWT, find_tokens};

/// As Salesforce writes them.
const OPAQUE: &str = "00D5g000004xyzA!ARcAQPx.0k1_Zt$9|b*Q";

pub(super) fn written(text: &str) -> String {
    text.replace('§', JWT).replace('¤', ID).replace('¶', OPAQUE)
}

/// Every row: the text, and what is found in it, as `token source`.
#[track_caller]
fn table(kind: &str, rows: &[(&str, &[&str])]) {
    let mut wrong = Vec::new();
    for (text, expected) in rows {
        let text = written(text);
        let found: Vec<String> = match find_tokens(&text) {
            Ok(pasting) => pasting.tokens.iter().map(|token| format!("{} {}", token.text.expose(), token.source)).collect(),
            Err(reason) => vec![reason],
        };
        let expected: Vec<String> = expected.iter().map(|one| written(one)).collect();
        if found != expected {
            wrong.push(format!("{text}\n  found    {found:?}\n  expected {expected:?}"));
        }
    }
    assert!(wrong.is_empty(), "{kind}: {} of {} rows\n{}", wrong.len(), rows.len(), wrong.join("\n"));
}

#[test]
fn curl_as_shells_and_browsers_write_it() {
    table(
        "curl",
        &[
            ("curl -sH \"Authorization: Bearer §\" http://a.test", &["§ header Authorization"]),
            ("curl -sSLH 'Authorization: Bearer §' http://a.test", &["§ header Authorization"]),
            ("curl -kvXPOST -H'Authorization: Bearer §' http://a.test", &["§ header Authorization"]),
            ("curl -XGET -sSfLH \"authorization:Bearer §\" a.test", &["§ header authorization"]),
            ("curl -b 'access_token=§; theme=dark' http://a.test", &["§ cookie access_token"]),
            ("curl -H 'Cookie: sid=1; KEYCLOAK_IDENTITY=§' http://a.test", &["§ cookie KEYCLOAK_IDENTITY"]),
            ("curl --cookie \"id_token=¤\" http://a.test", &["¤ cookie id_token"]),
            ("curl -H 'X-Custom: §' http://a.test", &["§ header X-Custom"]),
            ("curl -d '{\"token\":\"§\"}' -H 'Content-Type: application/json' http://a.test", &["§ member token"]),
            ("curl --url-query access_token=§ http://a.test", &["§ parameter access_token"]),
            ("curl --json '{\"a\":{\"id_token\":\"¤\"}}' http://a.test", &["¤ member id_token"]),
            ("sudo curl -H \"Authorization: Bearer §\" http://a.test", &["§ header Authorization"]),
            ("# don't run this at home\ncurl -H 'Authorization: Bearer §' http://a.test", &["§ header Authorization"]),
            ("alice@host:~/it's here$ curl -H 'Authorization: Bearer §' http://a.test", &["§ header Authorization"]),
            ("PS C:\\> curl.exe -H \"Authorization: Bearer §\" https://a.test", &["§ header Authorization"]),
            ("http_proxy= curl 'https://a.test/cb?x=1&access_token=§#top' --compressed", &["§ parameter access_token"]),
            (
                "curl 'https://a.test' \\\n  -H 'accept: */*' \\\n  -H 'authorization: Bearer §' \\\n  --data-raw $'{\"q\":\"it\\'s\"}' \\\n  --compressed",
                &["§ header authorization"],
            ),
            (
                "curl 'https://a.test' -H $'authorization: Bearer 00D5g000004xyzA\\u0021ARcAQPx.0k1_Zt$9|b*Q'",
                &["¶ header authorization"],
            ),
            (
                "curl ^\"https://a.test/x?a=1^&b=2^\" ^\n  -H ^\"authorization: Bearer §^\" ^\n  -H ^\"accept: */*^\"",
                &["§ header authorization"],
            ),
            ("curl \"https://a.test\" ^\r\n  -H \"Authorization: Bearer §\" ^\r\n  --compressed", &["§ header Authorization"]),
            (
                "curl ^\"https://a.test^\" ^\n -H ^\"cookie: access_token=§^\" ^\n --data-raw ^\"^{^\\^\"id_token^\\^\":^\\^\"¤^\\^\"^}^\"",
                &["§ cookie access_token", "¤ member id_token"],
            ),
            (
                "curl ^\"https://a.test^\" -H ^\"authorization: Bearer 00D5g000004xyzA^!ARcAQPx.0k1_Zt^$9^|b*Q^\" ^\n --compressed",
                &["¶ header authorization"],
            ),
            ("curl https://a.test ^\n -H ^\"X-Api-Key: §^\"", &["§ header X-Api-Key"]),
            ("curl -H Authorization:\\ Bearer\\ § http://a.test", &["§ header Authorization"]),
            ("curl -F 'id_token=¤' -F file=@a.png http://a.test", &["¤ parameter id_token"]),
            ("TOKEN=§\ncurl -H \"Authorization: Bearer $TOKEN\" http://a.test", &["§ value of TOKEN, line 1"]),
            (
                "curl -X POST https://a.test/introspect -u client:secret -d 'token=§&token_type_hint=access_token'",
                &["§ parameter token"],
            ),
            (
                "curl -H 'Authorization: Bearer §' http://a.test\ncurl -H 'Authorization: Bearer ¤' http://b.test",
                &["§ header Authorization of the first command", "¤ header Authorization of the second command"],
            ),
            ("for i in 1 2 3; do curl -s -H 'Authorization: Bearer §' a.test | jq .; done", &["§ header Authorization"]),
            ("curl --request POST --header=\"Authorization: Bearer ¶\" --url https://a.test", &["¶ header Authorization"]),
            ("curl -u 'alice:§' https://a.test", &["§ option -u"]),
            ("docker run --rm curlimages/curl -sH \"Authorization: Bearer §\" http://a.test", &["§ header Authorization"]),
            (
                "curl --data-urlencode 'subject_token=§' --data-urlencode 'actor_token=¤' http://a.test",
                &["§ parameter subject_token", "¤ parameter actor_token"],
            ),
            (
                "curl -X 'GET' \\\n  'https://a.test/pets/1' \\\n  -H 'accept: application/json' \\\n  -H 'Authorization: Bearer §'",
                &["§ header Authorization"],
            ),
        ],
    );
}

#[test]
fn other_clients_and_languages() {
    table(
        "clients",
        &[
            (
                "fetch(\"https://a.test/x\", {\n  \"headers\": {\n    \"accept\": \"*/*\",\n    \"authorization\": \"Bearer §\"\n  },\n  \"body\": null,\n  \"method\": \"GET\"\n});",
                &["§ header authorization, line 4"],
            ),
            (
                "await fetch(\"https://a.test\", {\n    \"credentials\": \"include\",\n    \"headers\": { \"Authorization\": \"Bearer ¶\" },\n});",
                &["¶ header Authorization, line 3"],
            ),
            ("fetch(\"https://a.test\", {\"body\": \"{\\\"access_token\\\":\\\"§\\\"}\"})", &["§ value of access_token"]),
            (
                "$session = New-Object Microsoft.PowerShell.Commands.WebRequestSession\n$session.Cookies.Add((New-Object System.Net.Cookie(\"access_token\", \"§\", \"/\", \"a.test\")))\nInvoke-WebRequest -UseBasicParsing -Uri \"https://a.test\" `\n-WebSession $session `\n-Headers @{\n\"authorization\"=\"Bearer ¤\"\n}",
                &["§ value of access_token, line 2", "¤ header authorization, line 6"],
            ),
            ("Invoke-RestMethod -Headers @{ Authorization = \"Bearer §\" } -Uri https://a.test", &["§ header Authorization"]),
            ("Invoke-WebRequest -Uri \"https://a.test\" -Body \"{`\"token`\":`\"§`\"}\"", &["§ value of token"]),
            ("wget --header=\"Authorization: Bearer §\" https://a.test", &["§ header Authorization"]),
            ("wget -q --header 'Authorization: Bearer ¶' -O - https://a.test", &["¶ header Authorization"]),
            ("http GET https://a.test Authorization:\"Bearer §\"", &["§ header Authorization"]),
            ("http -A bearer -a § https://a.test", &["§ option -a"]),
            ("$ xh post a.test access_token=§ x=1", &["§ parameter access_token"]),
            ("https a.test 'Authorization:Bearer ¶'", &["¶ header Authorization"]),
            ("xh --auth-type bearer --auth § https://a.test", &["§ option --auth"]),
            ("GET https://a.test/api\nAuthorization: Bearer §\nHTTP 200", &["§ header Authorization"]),
            (
                "### list\nGET https://a.test/api HTTP/1.1\nAccept: application/json\nAuthorization: Bearer §\n\n###\nPOST https://a.test/api\nAuthorization: Bearer ¤",
                &["§ header Authorization", "¤ header Authorization, the second"],
            ),
            ("requests.get(url, headers={'Authorization': 'Bearer §', 'Accept': '*/*'})", &["§ header Authorization"]),
            (
                "{'access_token': '§', 'expires_in': 300, 'id_token': '¤', 'active': True, 'x': None}",
                &["§ value of access_token", "¤ value of id_token"],
            ),
            ("b'{\"access_token\":\"§\",\"token_type\":\"Bearer\"}'", &["§ value of access_token"]),
            ("b'§'", &["§ text around it"]),
            ("map[Accept:[*/*] Authorization:[Bearer §] User-Agent:[Go-http-client/1.1]]", &["§ header Authorization"]),
            ("http.Header{\"Authorization\":[]string{\"Bearer §\"}}", &["§ scheme Bearer"]),
            (
                "&oauth2.Token{AccessToken:\"§\", TokenType:\"bearer\", RefreshToken:\"r-1x8\"}",
                &["§ value of AccessToken", "r-1x8 value of RefreshToken"],
            ),
            (
                "{access_token=§, expires_in=300, refresh_token=8a7b6c5d4e3f2a1b, token_type=Bearer}",
                &["§ value of access_token", "8a7b6c5d4e3f2a1b value of refresh_token"],
            ),
            ("OAuth2AccessToken[tokenValue=§, scopes=[a, b]]", &["§ value of tokenValue"]),
            ("new AuthenticationHeaderValue(\"Bearer\", \"§\")", &["§ scheme Bearer"]),
            (".header(\"Authorization\", \"Bearer ¶\")", &["¶ header Authorization"]),
            ("request.setRequestHeader('Authorization', 'Bearer ' + '§');", &["§ header Authorization"]),
            ("-- headers: {:Authorization=>\"Bearer §\"}", &["§ header Authorization"]),
            ("await page.setExtraHTTPHeaders({ Authorization: `Bearer §` })", &["§ header Authorization"]),
            ("grpcurl -H 'authorization: bearer §' a.test:443 list", &["§ header authorization"]),
            ("hurl --variable token=§ a.hurl", &["§ value of token"]),
            (
                "<stringProp name=\"Header.name\">Authorization</stringProp>\n<stringProp name=\"Header.value\">Bearer §</stringProp>",
                &["§ scheme Bearer, line 2"],
            ),
            ("<access_token>§</access_token><token_type>Bearer</token_type>", &["§ value of access_token"]),
            ("meta {\n  name: x\n}\nauth:bearer {\n  token: §\n}", &["§ value of token, line 5"]),
            ("<input type=\"hidden\" name=\"access_token\" value=\"§\"/>", &["§ value of access_token"]),
        ],
    );
}

#[test]
fn json_of_every_program() {
    table(
        "JSON",
        &[
            (r#"["§"]"#, &["§ the item of the list"]),
            (r#"["§","¤"]"#, &["§ the first item of the list", "¤ the second item of the list"]),
            (r#"{"apikey":"§"}"#, &["§ member apikey"]),
            (r#"{"Authorization":"Bearer §"}"#, &["§ header Authorization"]),
            (r#"{"Authorization":["Bearer §"],"Accept":["*/*"]}"#, &["§ header Authorization"]),
            (r#"{"name":"Authorization","value":"Bearer §"}"#, &["§ header Authorization"]),
            (r#"{"key":"access_token","value":"§"}"#, &["§ value of access_token"]),
            (
                r#"{"log":{"entries":[{"request":{"headers":[{"name":"Accept","value":"*/*"}]}},{"request":{"headers":[{"name":"Authorization","value":"Bearer §"}],"cookies":[],"queryString":[]}}]}}"#,
                &["§ header Authorization of the second entry"],
            ),
            (
                r#"{"log":{"entries":[{"request":{"headers":[{"name":"Authorization","value":"Bearer §"}]}},{"request":{"headers":[]},"response":{"content":{"mimeType":"application/json","text":"{\"access_token\":\"¤\"}"}}}]}}"#,
                &["§ header Authorization of the first entry", "¤ member access_token of the response of the second entry"],
            ),
            (
                r#"{"log":{"entries":[{"request":{"queryString":[{"name":"id_token_hint","value":"¤"}],"cookies":[{"name":"access_token","value":"§"}]}}]}}"#,
                &["¤ parameter id_token_hint", "§ cookie access_token"],
            ),
            (
                r#"{"log":{"entries":[{"request":{"postData":{"mimeType":"application/x-www-form-urlencoded","params":[{"name":"subject_token","value":"§"}]}}}]}}"#,
                &["§ parameter subject_token"],
            ),
            (
                r#"{"log":{"entries":[{"request":{"postData":{"text":"grant_type=x&subject_token=§"}}}]}}"#,
                &["§ parameter subject_token"],
            ),
            (
                r#"{"log":{"entries":[{"response":{"content":{"encoding":"base64","text":"eyJhY2Nlc3NfdG9rZW4iOiJyZWYtOGE3YjZjNWQ0ZTNmMmExYiJ9"}}}]}}"#,
                &["ref-8a7b6c5d4e3f2a1b member access_token, out of base64 of the response"],
            ),
            (
                r#"{"info":{"name":"x"},"item":[{"name":"a","request":{"auth":{"type":"bearer","bearer":[{"key":"token","value":"§","type":"string"}]},"header":[]}}]}"#,
                &["§ value of token"],
            ),
            (
                r#"{"info":{},"item":[{"request":{"header":[{"key":"Authorization","value":"Bearer §"}]}},{"request":{"header":[{"key":"X-Api-Key","value":"¤"}]}}]}"#,
                &["§ header Authorization of the first item of item", "¤ header X-Api-Key of the second item of item"],
            ),
            (
                r#"{"id":"1","name":"dev","values":[{"key":"url","value":"https://a.test","enabled":true},{"key":"access_token","value":"§","enabled":true},{"key":"refresh_token","value":"r-1"}]}"#,
                &["§ value of access_token in the environment", "r-1 value of refresh_token in the environment"],
            ),
            (r#"{"_type":"export","resources":[{"authentication":{"type":"bearer","token":"§"}}]}"#, &["§ member token"]),
            (
                r#"{"oidc.user:https://id.test/realms/a:spa":"{\"id_token\":\"¤\",\"access_token\":\"§\",\"token_type\":\"Bearer\"}"}"#,
                &["¤ member id_token", "§ member access_token"],
            ),
            (
                r#"{"a-login.windows.net-accesstoken-b":"{\"credentialType\":\"AccessToken\",\"secret\":\"¶\",\"homeAccountId\":\"x\"}"}"#,
                &["¶ member secret"],
            ),
            (
                r#"{"AccessToken":{"x":{"credential_type":"AccessToken","secret":"§"}},"RefreshToken":{"y":{"credential_type":"RefreshToken","secret":"0.AXkA1b2C3"}}}"#,
                &["§ member secret in AccessToken.x", "0.AXkA1b2C3 member secret in RefreshToken.y"],
            ),
            (
                r#"{"kc":{"token":"§","refreshToken":"r-12345678","idToken":"¤"}}"#,
                &["§ member token", "r-12345678 member refreshToken", "¤ member idToken"],
            ),
            (
                r#"{"cookies":[{"name":"CognitoIdentityServiceProvider.4abc.alice.accessToken","value":"§","domain":"a.test"}],"origins":[{"origin":"https://a.test","localStorage":[{"name":"id_token","value":"¤"}]}]}"#,
                &["§ cookie CognitoIdentityServiceProvider.4abc.alice.accessToken", "¤ id_token in the storage"],
            ),
            (
                r#"{"access_token":"§","signature":"x","instance_url":"https://a.test","id":"https://a.test/id/1"}"#,
                &["§ member access_token"],
            ),
            (r#"{"access_token":"¶","signature":"AAAA","payload":"x"}"#, &["¶ member access_token"]),
            (
                "{\"access_token\":\"§\"}\n{\"access_token\":\"¤\"}",
                &["§ member access_token of the first line", "¤ member access_token of the second line"],
            ),
            (")]}',\n{\"id_token\":\"¤\"}", &["¤ member id_token"]),
            (r#"{"access_token":"§",}"#, &["§ value of access_token"]),
            (
                r#"// a comment
{"access_token":"§"}"#,
                &["§ value of access_token, line 2"],
            ),
            (r#""{\"access_token\":\"§\",\"n\":1}""#, &["§ member access_token"]),
            (r#"{"message":"got {\"data\":\"{\\\"access_token\\\":\\\"§\\\"}\"} from server"}"#, &["§ value of access_token"]),
            (
                r#"{"Status":"ok","Credentials":{"url":"https://a.test/cb#access_token=§&state=1"}}"#,
                &["§ parameter access_token"],
            ),
            (
                r#"{"apiVersion":"v1","kind":"Secret","data":{"password":"aHVudGVyMg==","access_token":"cmVmLThhN2I2YzVkNGUzZjJhMWI="},"type":"Opaque"}"#,
                &["ref-8a7b6c5d4e3f2a1b access_token in the Secret, out of base64"],
            ),
            (
                r#"{"tokens":[{"token":"§"},{"token":"¤"}]}"#,
                &["§ member token of the first token", "¤ member token of the second token"],
            ),
            (r#"{"rawHeaders":["Host","a.test","Authorization","Bearer §"]}"#, &["§ the fourth rawHeader"]),
            (
                r#"{"error":null,"access_token":"§","token_type":"Bearer","scope":"openid","session_state":"8f14e45f-ceea-467a-9575-2c3a1d1b7b0e"}"#,
                &["§ member access_token"],
            ),
            ("\u{feff}{\"access_token\":\"§\"}", &["§ member access_token"]),
        ],
    );
}

#[test]
fn messages_addresses_and_cookies() {
    table(
        "messages",
        &[
            ("Authorization: Bearer §==", &["§== header Authorization"]),
            ("GET / HTTP/1.1\nHost: a\nX-Jwt: §==\n", &["§== header X-Jwt"]),
            ("> GET / HTTP/2\n> Host: a.test\n> authorization: Bearer §\n>\n< HTTP/2 200", &["§ header authorization"]),
            (
                "HTTP/1.1 200 OK\nSet-Cookie: access_token=§; Path=/; HttpOnly; Secure\nContent-Length: 0",
                &["§ cookie access_token"],
            ),
            (
                "Set-Cookie: AUTH_SESSION_ID=abc123; Path=/\nSet-Cookie: KEYCLOAK_IDENTITY=§; Path=/realms/a",
                &["§ cookie KEYCLOAK_IDENTITY"],
            ),
            (
                "HTTP/1.1 302 Found\nLocation: https://a.test/cb#id_token=¤&access_token=§&state=1",
                &["¤ parameter id_token of header Location", "§ parameter access_token of header Location"],
            ),
            ("https://a.test/cb#access_token=§&token_type=Bearer&expires_in=300", &["§ parameter access_token"]),
            ("#access_token=§&state=1", &["§ parameter access_token"]),
            ("?id_token_hint=¤&post_logout_redirect_uri=https%3A%2F%2Fa.test", &["¤ parameter id_token_hint"]),
            ("https://a.test/go?next=https%3A%2F%2Fb.test%2Fcb%23access_token%3D§%26state%3D1", &["§ parameter access_token"]),
            (
                "https://a.test/go?next=https%253A%252F%252Fb.test%252Fcb%2523id_token%253D¤%2526state%253D1",
                &["¤ parameter id_token"],
            ),
            ("Authorization%3A%20Bearer%20§", &["§ header Authorization"]),
            ("grant_type=x&subject_token=§&actor_token=¤", &["§ parameter subject_token", "¤ parameter actor_token"]),
            ("access_token=00D5g000004xyzA%21ARcAQPx.0k1_Zt%249%7Cb%2AQ&x=1", &["¶ parameter access_token"]),
            ("GET /api?access_token=§ HTTP/1.1\nHost: a", &["§ value of access_token, line 1"]),
            ("wss://a.test/socket?token=§", &["§ parameter token"]),
            ("{\"type\":\"connection_init\",\"payload\":{\"Authorization\":\"Bearer §\"}}", &["§ header Authorization"]),
            ("event: token\ndata: {\"access_token\":\"§\"}\n\n", &["§ value of access_token, line 2"]),
            ("data: {\"id_token\":\"¤\"}", &["¤ value of id_token"]),
            ("Sec-WebSocket-Protocol: base64url.bearer.authorization.k8s.io.§, v4.channel.k8s.io", &["§ text around it"]),
            ("X-Forwarded-Access-Token: ¶", &["¶ header X-Forwarded-Access-Token"]),
            ("apikey: 8f14e45fceea467a95752c3a1d1b7b0e", &["8f14e45fceea467a95752c3a1d1b7b0e header apikey"]),
            ("Authorization: DPoP §\nDPoP: ¤", &["§ header Authorization", "¤ header DPoP"]),
            ("Authorization: OAuth ¶", &["¶ header Authorization"]),
            (
                "Authorization: token ghp_1B4a2e77838347a71B4a2e77838347a7abcd",
                &["ghp_1B4a2e77838347a71B4a2e77838347a7abcd header Authorization"],
            ),
            (
                "Cookie: a=1; CognitoIdentityServiceProvider.4abc.alice.idToken=¤; b=2",
                &["¤ cookie CognitoIdentityServiceProvider.4abc.alice.idToken"],
            ),
            ("Authorization: Bearer §\r\n Accept: */*", &["§ header Authorization"]),
            ("document.cookie = \"access_token=§; path=/\"", &["§ cookie access_token"]),
            ("SAMLResponse=abc&access_token=§", &["abc parameter SAMLResponse", "§ parameter access_token"]),
            ("Referer: https://a.test/cb?access_token=§", &["§ parameter access_token of header Referer"]),
        ],
    );
}

#[test]
fn logs_files_and_sentences() {
    table(
        "prose",
        &[
            ("2026-11-20 10:00:00 INFO token=§ accepted", &["§ value of token"]),
            (
                "the user sent (eyAiYWxnIjoiUlMyNTYifQ.eyJzdWIiOiJhIn0.AAAA) and got 401",
                &["eyAiYWxnIjoiUlMyNTYifQ.eyJzdWIiOiJhIn0.AAAA text around it"],
            ),
            (
                "see ewogICJhbGciOiAiUlMyNTYiCn0.eyJzdWIiOiJhIn0.AAAA here",
                &["ewogICJhbGciOiAiUlMyNTYiCn0.eyJzdWIiOiJhIn0.AAAA text around it"],
            ),
            ("Your token is §.", &["§ text around it"]),
            (
                "Hi Bob,\n\nhere is my token:\n§\n\nand the other one ¤.\nAlice",
                &["§ text around it, line 4", "¤ text around it, line 6"],
            ),
            ("eyJhbGciOiJSUzI1NiJ9.eyJ0eXAiOiJCZWFyZXIiLCJzdWI\niOiJhIn0.AAAA", &["§ text broken into lines"]),
            ("token: eyJhbGciOiJSUzI1NiJ9.eyJ0eXAiOiJCZWFyZXIiL\n  CJzdWIiOiJhIn0.AAAA\nnext: 1", &["§ value of token, line 1"]),
            (
                "ACCESS_TOKEN=§\nREFRESH_TOKEN=\"8a7b6c5d4e3f2a1b\"\nDEBUG=1",
                &["§ value of ACCESS_TOKEN, line 1", "8a7b6c5d4e3f2a1b value of REFRESH_TOKEN, line 2"],
            ),
            ("export TOKEN='§'", &["§ value of TOKEN"]),
            ("set TOKEN=§", &["§ value of TOKEN"]),
            ("$env:ACCESS_TOKEN = \"§\"", &["§ value of ACCESS_TOKEN"]),
            (
                "services:\n  api:\n    environment:\n      - ACCESS_TOKEN=§\n      ID_TOKEN: ¤",
                &["§ value of ACCESS_TOKEN, line 4", "¤ value of ID_TOKEN, line 5"],
            ),
            (
                "apiVersion: v1\nkind: Secret\nmetadata:\n  name: x\ndata:\n  token: ZXlKaGJHY2lPaUpTVXpJMU5pSjkuZXlKMGVYQWlPaUpDWldGeVpYSWlMQ0p6ZFdJaU9pSmhJbjAuQUFBQQ==\n  other: aHVudGVyMg==\ntype: Opaque",
                &["§ token in the Secret, out of base64"],
            ),
            (
                "apiVersion: v1\ndata:\n    access_token: cmVmLThhN2I2YzVkNGUzZjJhMWI=\nkind: Secret",
                &["ref-8a7b6c5d4e3f2a1b access_token in the Secret, out of base64"],
            ),
            ("ZXlKaGJHY2lPaUpTVXpJMU5pSjkuZXlKMGVYQWlPaUpDWldGeVpYSWlMQ0p6ZFdJaU9pSmhJbjAuQUFBQQ==", &["§ text, out of base64"]),
            (
                "ZXlKaGJHY2lPaUpTVXpJMU5pSjkuZXlKMGVYQWlPaUpDWldGeVpYSWlM\nQ0p6ZFdJaU9pSmhJbjAuQUFBQQ==",
                &["§ text, out of base64"],
            ),
            (
                "jwt = ZXlKaGJHY2lPaUpTVXpJMU5pSjkuZXlKMGVYQWlPaUpDWldGeVpYSWlMQ0p6ZFdJaU9pSmhJbjAuQUFBQQ== # encoded",
                &["§ value of jwt, out of base64"],
            ),
            ("x ZXlKaGJHY2lPaUpTVXpJMU5pSjkuZXlKMGVYQWlPaUpDWldGeVpYSWlMQ0p6ZFdJaU9pSmhJbjAuQUFBQQ== y", &["§ base64 around it"]),
            (
                "users:\n- name: oidc\n  user:\n    auth-provider:\n      config:\n        id-token: ¤\n        refresh-token: r1-8a7b6c5d\n      name: oidc",
                &["¤ value of id-token, line 6", "r1-8a7b6c5d value of refresh-token, line 7"],
            ),
            ("proxy_set_header Authorization \"Bearer §\";", &["§ scheme Bearer"]),
            ("DEBUG o.s.web: Authorization=[Bearer §], Accept=[*/*]", &["§ header Authorization"]),
            ("time=x level=info msg=\"sent\" access_token=¶ status=200", &["¶ value of access_token"]),
            ("{\"level\":\"info\",\"msg\":\"token §\"}", &["§ member msg"]),
            (
                "127.0.0.1 - - [20/Nov/2026:10:00:00 +0000] \"GET /api?access_token=§&x=1 HTTP/1.1\" 200 5",
                &["§ value of access_token"],
            ),
            ("ya29.a0AfH6SMBx1234567890abcdefghij", &["ya29.a0AfH6SMBx1234567890abcdefghij text"]),
            (
                "$ gcloud auth print-access-token\nya29.a0AfH6SMBx1234567890abcdefghij",
                &["ya29.a0AfH6SMBx1234567890abcdefghij text around it, line 2"],
            ),
            ("&quot;access_token&quot;:&quot;§&quot;", &["§ value of access_token"]),
            ("| token | § |", &["§ text around it"]),
            ("§\n¤", &["§ text around it, line 1", "¤ text around it, line 2"]),
            ("(§)", &["§ text around it"]),
            ("§,", &["§ text around it"]),
            ("§^", &["§ text around it"]),
            ("<§>", &["§ text around it"]),
            ("token:§;", &["§ value of token"]),
            ("%7B%22access_token%22%3A%2200D5g000004xyzA%21ARcAQPx.0k1_Zt%249%7Cb*Q%22%7D", &["¶ member access_token"]),
            (
                "eyJhY2Nlc3NfdG9rZW4iOiJyZWYtOGE3YjZjNWQ0ZTNmMmExYiJ9",
                &["ref-8a7b6c5d4e3f2a1b member access_token, out of base64"],
            ),
            (
                "{\"vc\":{\"payload\":\"e30\",\"protected\":\"eyJhbGciOiJSUzI1NiJ9\",\"signature\":\"AAAA\"}}",
                &["{\"payload\":\"e30\",\"protected\":\"eyJhbGciOiJSUzI1NiJ9\",\"signature\":\"AAAA\"} JSON serialisation"],
            ),
            ("\u{1b}[32m§\u{1b}[0m", &["§ text around it"]),
            (
                "access_token: >-\n  eyJhbGciOiJSUzI1NiJ9.eyJ0eXAiOiJCZWFyZXIiLCJzdWI\n  iOiJhIn0.AAAA",
                &["§ text around it, line 2"],
            ),
            ("request: \\x22access_token\\x22:\\x22§\\x22", &["§ text around it"]),
            ("headers: {'Authorization': b'Bearer §'}", &["§ header Authorization"]),
            ("header = \"Authorization: Bearer §\"", &["§ header Authorization"]),
            ("§=¤", &["§ text around it", "¤ text around it, the second"]),
            ("https://jwt.io/#debugger-io?token=§", &["§ parameter token"]),
            ("https://a.test/t/§/details", &["§ text around it"]),
        ],
    );
}

#[test]
fn tokens_nobody_can_read_are_vschar() {
    table(
        "opaque",
        &[
            ("¶", &["¶ text"]),
            ("\"¶\"", &["¶ text"]),
            ("Bearer ¶", &["¶ scheme Bearer"]),
            ("Authorization: Bearer ¶", &["¶ header Authorization"]),
            ("1|aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xY", &["1|aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xY text"]),
            ("123456789012345|aBcDeF0123456789", &["123456789012345|aBcDeF0123456789 text"]),
            ("AQX*9f$2kd!83hfk29*dk", &["AQX*9f$2kd!83hfk29*dk text"]),
            ("EAAG$m0PX4ZCpsBA!x9", &["EAAG$m0PX4ZCpsBA!x9 text"]),
            ("dGhpcyBp~cyBh+IHRva2Vu/9=", &["dGhpcyBp~cyBh+IHRva2Vu/9= text"]),
            ("110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw", &["110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw text"]),
            ("{\"access_token\":\"a%b?c@d1\"}", &["a%b?c@d1 member access_token"]),
            ("v4.public.eyJzdWIiOiJhIn0AAAAAAAAAAAAAAAAAAAAA", &["v4.public.eyJzdWIiOiJhIn0AAAAAAAAAAAAAAAAAAAAA text"]),
            ("token v2.local.AAAAAAAAAAAAAAAAAAAAAAAA.Zm9v here", &["v2.local.AAAAAAAAAAAAAAAAAAAAAAAA.Zm9v text around it"]),
            ("access_token: ¶", &["¶ value of access_token"]),
        ],
    );
}

#[test]
fn what_is_no_token_is_not_taken_for_one() {
    let texts = [
        "curl -H \"Authorization: Bearer $TOKEN\" http://a.test",
        "curl -H 'Authorization: Bearer ${ACCESS_TOKEN}' http://a.test",
        "curl -H 'Authorization: Bearer <token>' http://a.test",
        "curl -H 'Authorization: Bearer {{access_token}}' http://a.test",
        "curl -H \"Authorization: Bearer %TOKEN%\" http://a.test",
        "curl -H \"Authorization: Bearer $(cat token)\" http://a.test",
        "Authorization: Bearer YOUR_ACCESS_TOKEN",
        "Authorization: Basic YWxpY2U6aHVudGVyMg==",
        "WWW-Authenticate: Bearer realm=\"a\", error=\"invalid_token\", error_description=\"expired\"",
        "access_token: expired",
        "the access_token=missing in the request",
        "token_type=Bearer&expires_in=300",
        "{\"access_token\":null,\"error\":\"invalid_grant\"}",
        "{\"token\":\"expired\"}",
        "{\"access_token\":\"***\"}",
        "{\"access_token\":\"{{token}}\"}",
        "{\"token_endpoint\":\"https://a.test/realms/a/protocol/openid-connect/token\"}",
        "{\"ciphertext\":\"vault:v1:abcdefgh\"}",
        "com.example.oauth.TokenService.refresh failed",
        "alice.smith@example.org",
        "2026-11-20T10:00:00.123Z",
        "sha256:9f86d081884c7d659a2feaa0c55ad015",
        "id.example.org:8443",
        "csrf_token=8f14e45fceea467a95752c3a1d1b7b0e9",
        "Use a Bearer token in the Authorization header.",
        "C:\\Users\\alice\\token.txt",
        "/srv/alice/tokens/2026/a.json",
        "client_secret=8f14e45fceea467a95752c3a1d1b7b0e",
        "key=value1234567890abcdef",
        "claimscope-1.2.3-x86_64.tar.gz",
        "curl -d @token.json https://a.test/1234567890abcdef",
        "data:\n  password: aHVudGVyMg==\nkind: Secret",
    ];
    for text in texts {
        let found: Vec<String> = find_tokens(text)
            .map(|pasting| pasting.tokens)
            .unwrap_or_default()
            .iter()
            .map(|token| format!("{} {}", token.text.expose(), token.source))
            .collect();
        assert!(found.is_empty(), "{text}: {found:?}");
    }
}
