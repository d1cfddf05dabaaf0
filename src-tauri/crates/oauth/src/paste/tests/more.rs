//! Further shapes, of which only the tokens are held, in their order: `§`, `¤` and `¶` as in the kinds.

use super::{find_tokens, kinds::written};

#[test]
fn whatever_else_people_copy_gives_its_tokens() {
    let rows: &[(&str, &[&str])] = &[
        ("curl --location --request GET 'https://a.test' --header 'Authorization: Bearer §' --data-raw ''", &["§"]),
        ("curl --request GET --url https://a.test --header 'authorization: Bearer ¶'", &["¶"]),
        (
            "curl -X POST -H \"Content-Type: application/x-www-form-urlencoded\" -d \"grant_type=refresh_token&refresh_token=¶\" a.test",
            &["¶"],
        ),
        ("curl --get --data-urlencode \"access_token=§\" a.test", &["§"]),
        ("curl -vvv -o /dev/null -w '%{http_code}' -H 'Authorization: bearer §' a.test", &["§"]),
        ("time curl -4kLH 'authorization: bearer §' a.test", &["§"]),
        ("curl \\\n-H \"Authorization: Bearer §\" \\\n# the address\nhttps://a.test", &["§"]),
        ("$(curl -s -H \"Authorization: Bearer §\" a.test)", &["§"]),
        ("curl \"https://a.test/?a=1&access_token=§\"", &["§"]),
        ("curl https://a.test/?a=1&access_token=§", &["§"]),
        ("watch -n1 \"curl -sH 'Authorization: Bearer §' a.test\"", &["§"]),
        ("kubectl exec pod -- curl -sH 'Authorization: Bearer §' a.test", &["§"]),
        ("ssh host 'curl -sH \"Authorization: Bearer §\" a.test'", &["§"]),
        ("C:\\Users\\a>curl -H \"Authorization: Bearer §\" https://a.test", &["§"]),
        ("wget --quiet --method GET --header 'authorization: Bearer §' --output-document - https://a.test", &["§"]),
        ("http --session=a POST a.test/x name=b 'X-Token:§'", &["§"]),
        ("http a.test access_token==§", &["§"]),
        ("kubectl --token=§ get pods", &["§"]),
        (
            "oc login --token=sha256~aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xYz2 --server=https://a.test:6443",
            &["sha256~aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xYz2"],
        ),
        ("gcloud auth print-identity-token\n§", &["§"]),
        ("az account get-access-token\n{\n  \"accessToken\": \"§\",\n  \"expiresOn\": \"2026-11-20\"\n}", &["§"]),
        (
            "{\"auth\":{\"type\":\"oauth2\",\"oauth2\":[{\"key\":\"accessToken\",\"value\":\"§\"},{\"key\":\"addTokenTo\",\"value\":\"header\"}]}}",
            &["§"],
        ),
        (
            "{\"bearerAuth\":{\"name\":\"bearerAuth\",\"schema\":{\"type\":\"http\",\"scheme\":\"bearer\"},\"value\":\"§\"}}",
            &["§"],
        ),
        ("{\"token\":\"§\",\"tokenParsed\":{\"sub\":\"a\"},\"refreshToken\":\"¶\",\"idToken\":\"¤\"}", &["§", "¶", "¤"]),
        ("{\"a\":[[[\"x\",{\"b\":\"Bearer §\"}]]]}", &["§"]),
        ("[{\"request\":{\"header\":{\"headers\":[{\"name\":\"Authorization\",\"value\":\"Bearer §\"}]}}}]", &["§"]),
        ("{\"headers\":[[\"authorization\",\"Bearer §\"],[\"accept\",\"*/*\"]]}", &["§"]),
        ("{\"multiValueHeaders\":{\"Authorization\":[\"Bearer ¶\"]}}", &["¶"]),
        ("{\"event\":{\"authorizationToken\":\"Bearer §\",\"type\":\"TOKEN\"}}", &["§"]),
        ("{\"cookies\":{\"access_token\":\"§\"}}", &["§"]),
        ("{\"set-cookie\":[\"a=1; Path=/\",\"id_token=¤; Path=/\"]}", &["¤"]),
        ("{\"url\":\"https://a.test/cb?x=1#access_token=§&id_token=¤\"}", &["§", "¤"]),
        ("{\"postData\":{\"text\":\"{\\\"variables\\\":{\\\"token\\\":\\\"§\\\"}}\"}}", &["§"]),
        (
            "{\"items\":[{\"kind\":\"Secret\",\"data\":{\"t\":\"ZXlKaGJHY2lPaUpTVXpJMU5pSjkuZXlKMGVYQWlPaUpDWldGeVpYSWlMQ0p6ZFdJaU9pSmhJbjAuQUFBQQ==\"}}]}",
            &["§"],
        ),
        ("{\"spec\":{\"token\":\"\"},\"status\":{\"token\":\"§\",\"expirationTimestamp\":\"2026-11-20T10:00:00Z\"}}", &["§"]),
        ("AWS_WEB_IDENTITY_TOKEN=§\nAWS_REGION=eu-west-1", &["§"]),
        ("access_token = \"§\"\nexpires_in  = 300", &["§"]),
        ("access_token: '¶'\n", &["¶"]),
        ("INSERT INTO t VALUES ('alice', '§', 1);", &["§"]),
        ("user,token,expires\nalice,§,300\nbob,¤,300", &["§", "¤"]),
        ("Here it is: `§`", &["§"]),
        ("```\n§\n```", &["§"]),
        ("<Header name=\"Authorization\" value=\"Bearer §\"/>", &["§"]),
        ("<wsse:BinarySecurityToken>§</wsse:BinarySecurityToken>", &["§"]),
        ("Authorization : Bearer §", &["§"]),
        ("authorization:bearer §", &["§"]),
        ("\"Authorization\": \"Bearer §\",", &["§"]),
        ("'Authorization' => 'Bearer ¶',", &["¶"]),
        ("TokenResponse(accessToken=§, idToken=¤, expiresIn=300)", &["§", "¤"]),
        ("AccessToken(\"§\")", &["§"]),
        ("var token = '§';", &["§"]),
        ("const {data} = await axios.get(u, { headers: { Authorization: `Bearer ${t}` } }) // §", &["§"]),
        ("localStorage.setItem('access_token', '§')", &["§"]),
        ("sessionStorage['id_token'] = \"¤\"", &["¤"]),
        ("oidc.user:https://id.test:spa\t{\"access_token\":\"§\",\"id_token\":\"¤\"}", &["§", "¤"]),
        ("x-request-id: 1\nx-forwarded-access-token: §\nx-id-token: ¤", &["§", "¤"]),
        ("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{\"access_token\":\"¶\",\"expires_in\":300}", &["¶"]),
        ("POST /token HTTP/1.1\r\nHost: a.test\r\n\r\ngrant_type=x&subject_token=§&scope=a", &["§"]),
        ("< location: https://a.test/cb?code=1#id_token=¤", &["¤"]),
        ("Nov 20 10:00:00 host app[1]: Authorization: Bearer §", &["§"]),
        ("{\"@timestamp\":\"x\",\"message\":\"Authorization: Bearer §\"}", &["§"]),
        ("2026-11-20 DEBUG headers={authorization=[Bearer §], accept=[*/*]}", &["§"]),
        ("[debug] Set-Cookie: access_token=§; HttpOnly", &["§"]),
        ("jwt: \"§\" is expired", &["§"]),
        ("id_token_hint=¤", &["¤"]),
        ("msg=%22access_token%22%3A%22§%22", &["§"]),
        ("access_token\\u003d§\\u0026state", &["§"]),
        ("\\\"access_token\\\":\\\"§\\\"", &["§"]),
        ("§,¤", &["§", "¤"]),
        ("§/¤", &["§", "¤"]),
        ("§=¤", &["§", "¤"]),
        ("§;¤", &["§", "¤"]),
        ("« § »", &["§"]),
        ("“§”", &["§"]),
        ("§\u{200b}", &["§"]),
        ("\u{feff}§", &["§"]),
        ("Bearer: §", &["§"]),
        ("bearer §", &["§"]),
        ("token §", &["§"]),
        ("Token: §", &["§"]),
        ("> §", &["§"]),
        ("- §\n- ¤", &["§", "¤"]),
        ("1. §", &["§"]),
        ("eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.", &["eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0."]),
        ("token=eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.&x=1", &["eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0."]),
        (
            "see eyJhbGciOiJkaXIiLCJlbmMiOiJBMTI4R0NNIn0..AAAAAAAAAAAAAAAA.AAAA.AAAAAAAAAAAAAAAAAAAAAA there",
            &["eyJhbGciOiJkaXIiLCJlbmMiOiJBMTI4R0NNIn0..AAAAAAAAAAAAAAAA.AAAA.AAAAAAAAAAAAAAAAAAAAAA"],
        ),
        (
            "sd: eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhIn0.AAAA~WyJzIiwiYSIsMV0~ end",
            &["eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhIn0.AAAA~WyJzIiwiYSIsMV0~"],
        ),
        ("token is ICB7ImFsZyI6IlJTMjU2In0.eyJzdWIiOiJhIn0.AAAA", &["ICB7ImFsZyI6IlJTMjU2In0.eyJzdWIiOiJhIn0.AAAA"]),
        ("{\"access_token\":\"§\"}{\"access_token\":\"¤\"}", &["§", "¤"]),
        ("callback({\"access_token\":\"¶\"})", &["¶"]),
        ("{access_token: '¶', token_type: 'Bearer'}", &["¶"]),
        ("{\"access_token\":\"¶\"", &["¶"]),
        ("{\"access_token\":\"§", &["§"]),
    ];
    let mut wrong = Vec::new();
    for (text, expected) in rows {
        let text = written(text);
        let found: Vec<String> = find_tokens(&text)
            .map(|pasting| pasting.tokens)
            .unwrap_or_default()
            .iter()
            .map(|token| token.text.expose().to_owned())
            .collect();
        let mut expected: Vec<String> = expected.iter().map(|one| written(one)).collect();
        let mut sorted = found.clone();
        expected.sort();
        sorted.sort();
        if sorted != expected {
            wrong.push(format!("{text}\n  found    {found:?}\n  expected {expected:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {} rows\n{}", wrong.len(), rows.len(), wrong.join("\n"));
}
