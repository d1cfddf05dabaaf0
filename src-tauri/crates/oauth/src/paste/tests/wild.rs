//! Shapes met in the wild: what mail programs, terminals, editors, shells, browsers, cloud tools and source files make of a token.
//!
//! `§`, `¤` and `¶` as in the kinds; `Λ` is a token as long as real ones, and `Λ76‹x›` the same with `x` after every 76 letters.

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};

use super::{find_tokens, kinds::written};

/// A token as long as real ones are.
fn long() -> String {
    let header = URL_SAFE_NO_PAD.encode(r#"{"alg":"RS256","typ":"JWT","kid":"FJ86GcF3jTbNLOco4NvZkUCIUmfYCqoqtOQeMfbhNlE"}"#);
    let payload = URL_SAFE_NO_PAD.encode(
        r#"{"exp":1796112000,"iat":1796111700,"jti":"2b3f1c0e-6c3b-4d6e-9a57-0b5a0c3a1c11","iss":"https://id.example.org/realms/shop","aud":"account","sub":"f:1:alice","typ":"Bearer","azp":"portal","scope":"openid profile email"}"#,
    );
    let signature: Vec<u8> = (0..=255_u8).map(|at| at.wrapping_mul(181).wrapping_add(97)).collect();
    format!("{header}.{payload}.{}", URL_SAFE_NO_PAD.encode(signature))
}

fn folded(token: &str, width: usize, fold: &str) -> String {
    let letters: Vec<char> = token.chars().collect();
    letters.chunks(width).map(|line| line.iter().collect::<String>()).collect::<Vec<_>>().join(fold)
}

/// Fills in the tokens, those that are folded as well.
pub(super) fn filled(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('Λ') {
        out.push_str(before);
        let digits = after.bytes().take_while(u8::is_ascii_digit).count();
        match (after[..digits].parse::<usize>(), after[digits..].strip_prefix('‹').and_then(|rest| rest.split_once('›'))) {
            (Ok(width), Some((fold, behind))) => {
                out.push_str(&folded(&long(), width, fold));
                rest = behind;
            }
            _ => {
                out.push_str(&long());
                rest = after;
            }
        }
    }
    out.push_str(rest);
    written(&out)
}

fn found(text: &str) -> Vec<(String, String)> {
    let tokens = find_tokens(text).map(|pasting| pasting.tokens).unwrap_or_default();
    tokens.into_iter().map(|token| (token.text.expose().to_owned(), token.source)).collect()
}

/// Every row: the text and its tokens, each in any order.
#[track_caller]
pub(super) fn table(kind: &str, rows: &[(&str, &[&str])]) {
    let rows: Vec<(String, &[&str])> = rows.iter().map(|(text, tokens)| (filled(text), *tokens)).collect();
    owned(kind, &rows);
}

#[track_caller]
pub(super) fn owned(kind: &str, rows: &[(String, &[&str])]) {
    let mut wrong = Vec::new();
    for (text, expected) in rows {
        let found = found(text);
        let mut texts: Vec<String> = found.iter().map(|(text, _)| text.clone()).collect();
        let mut expected: Vec<String> = expected.iter().map(|one| filled(one)).collect();
        texts.sort();
        expected.sort();
        if texts != expected {
            wrong.push(format!("{}\n  found    {found:?}\n  expected {expected:?}", token::bounded::up_to(text, 700)));
        }
    }
    assert!(wrong.is_empty(), "{kind}: {} of {} rows\n{}", wrong.len(), rows.len(), wrong.join("\n"));
}

#[test]
fn mails_and_terminals_break_tokens() {
    table(
        "broken",
        &[
            ("Λ80‹\n›", &["Λ"]),
            ("Λ80‹\r\n›", &["Λ"]),
            ("$ ./token.sh\nΛ80‹\n›\n$ ", &["Λ"]),
            ("$ ./token.sh\nΛ120‹\n›\nalice@host:~$ ", &["Λ"]),
            ("On Monday Alice wrote:\n> my token:\n> Λ72‹\n> ›\n>\n> Alice", &["Λ"]),
            ("On Monday Alice wrote:\n>> Λ70‹\n>> ›\n> thanks", &["Λ"]),
            ("> > Λ70‹\n> > ›\n", &["Λ"]),
            ("Hi,\n\n    Λ68‹\n    ›\n\nBob", &["Λ"]),
            ("Hi,\n\n\tΛ68‹\n\t›\n\nBob", &["Λ"]),
            ("| token |\n| Λ60‹\n| › |", &["Λ"]),
            ("Here:=20\r\nΛ75‹=\r\n›\r\nBye", &["Λ"]),
            ("Authorization: Bearer=20=\nΛ75‹=\n›\n", &["Λ"]),
            (
                "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\naccess_token=3DΛ60‹=\n›&state=3D1\n",
                &["Λ"],
            ),
            ("<a href=3D\"https://a.test/cb?access_token=3DΛ50‹=\n›&x=3D1\">link</a>", &["Λ"]),
            ("access_token=3D00D5g000004xyzA!ARcAQPx.0k1_=\nZt$9|b*Q", &["¶"]),
            ("token=3D§", &["§"]),
            ("Here it is, Λ60‹ \n›, bye", &["Λ"]),
            ("```\nΛ76‹\n›\n```", &["Λ"]),
            ("> ```\n> Λ76‹\n> ›\n> ```", &["Λ"]),
            ("Λ76‹ \r\n ›", &["Λ"]),
            ("Authorization: Bearer Λ64‹\n›", &["Λ"]),
            ("Authorization: Bearer Λ64‹\n    ›\nAccept: */*\n", &["Λ"]),
            ("curl -H 'Authorization: Bearer Λ76‹\n›' https://a.test", &["Λ"]),
            ("curl https://a.test \\\n  -H 'Authorization: Bearer Λ76‹\\\n›'", &["Λ"]),
            ("token: |\n  Λ64‹\n  ›\nother: 1", &["Λ"]),
            ("access_token: >-\n  Λ64‹\n  ›\nother: 1", &["Λ"]),
            ("{\"access_token\":\"Λ64‹\n›\",\"expires_in\":300}", &["Λ"]),
            ("token = (\"Λ60‹\"\n         \"›\")", &["Λ"]),
            ("String token = \"Λ60‹\" +\n    \"›\";", &["Λ"]),
            ("const t = 'Λ60‹' +\n  '›';", &["Λ"]),
            ("$t = 'Λ60‹' .\n '›';", &["Λ"]),
            ("TOKEN=Λ60‹\\\n›", &["Λ"]),
            ("TOKEN=\"Λ60‹\\\n›\"", &["Λ"]),
            ("token=\\\n  Λ", &["Λ"]),
            ("token=Λ60‹\\\n  ›\nother=1", &["Λ"]),
            ("Λ100‹\u{200b}›", &["Λ"]),
            ("Λ100‹\u{ad}›", &["Λ"]),
            ("see Λ100‹\u{200b}› there", &["Λ"]),
            ("Bearer Λ90‹\u{2060}›", &["Λ"]),
            ("\u{feff}\u{200b}Bearer Λ", &["Λ"]),
            ("Bearer\u{a0}§", &["§"]),
            ("Authorization:\u{a0}Bearer\u{a0}§", &["§"]),
            ("Bearer\n§", &["§"]),
            ("Authorization:\nBearer §", &["§"]),
            ("authorization\nBearer ¶\naccept\n*/*", &["¶"]),
            ("Authorization\n\tBearer ¶\nHost\n\ta.test", &["¶"]),
            ("Bearer\t§", &["§"]),
            ("Bearer  §", &["§"]),
            ("Λ76‹\n\n›", &["Λ"]),
            ("\"Λ76‹\"\n\"›\"", &["Λ"]),
        ],
    );
}

#[test]
fn other_letters_of_two_octets() {
    let spread = |text: &str| text.chars().flat_map(|letter| [letter, '\0']).collect::<String>();
    let ahead = |text: &str| text.chars().flat_map(|letter| ['\0', letter]).collect::<String>();
    let rows: Vec<(String, &[&str])> = vec![
        (spread(&filled("Λ")), &["Λ"]),
        (ahead(&filled("Λ")), &["Λ"]),
        (format!("\u{feff}{}", spread(&filled("§"))), &["§"]),
        (format!("\u{fffd}\u{fffd}{}", spread(&filled("§"))), &["§"]),
        (format!("ÿþ{}", spread(&filled("{\"access_token\":\"¶\"}"))), &["¶"]),
        (format!("þÿ{}", ahead(&filled("Authorization: Bearer ¶"))), &["¶"]),
        (spread(&filled("token=¶\r\nother=1\r\n")), &["¶"]),
        (filled("ï»¿§"), &["§"]),
        (filled("ï»¿{\"access_token\":\"¶\"}"), &["¶"]),
        (filled("§\0"), &["§"]),
        (filled("§\0\0\0\0"), &["§"]),
    ];
    owned("two octets", &rows);
}

#[test]
fn variables_and_files_of_settings() {
    table(
        "settings",
        &[
            ("export TOKEN=¶", &["¶"]),
            ("export ACCESS_TOKEN=\"¶\"", &["¶"]),
            ("TOKEN='¶'; export TOKEN", &["¶"]),
            ("TOKEN=§ ./run.sh", &["§"]),
            ("set -x TOKEN ¶", &["¶"]),
            ("set -gx ACCESS_TOKEN '¶'", &["¶"]),
            ("setenv ACCESS_TOKEN §", &["§"]),
            ("setenv ACCESS_TOKEN ¶", &["¶"]),
            ("$env:TOKEN = \"¶\"", &["¶"]),
            ("$Env:TOKEN='¶'", &["¶"]),
            ("set TOKEN=¶", &["¶"]),
            ("set \"TOKEN=¶\"", &["¶"]),
            ("SET \"ACCESS_TOKEN=§\"", &["§"]),
            ("setx TOKEN \"¶\"", &["¶"]),
            ("[Environment]::SetEnvironmentVariable(\"TOKEN\", \"¶\", \"User\")", &["¶"]),
            ("$token = \"¶\"", &["¶"]),
            ("$headers = @{ Authorization = \"Bearer ¶\" }", &["¶"]),
            ("$headers.Add(\"Authorization\", \"Bearer ¶\")", &["¶"]),
            ("$secure = ConvertTo-SecureString \"§\" -AsPlainText -Force", &["§"]),
            ("read -r TOKEN <<< '§'", &["§"]),
            ("declare -x ACCESS_TOKEN=\"¶\"", &["¶"]),
            ("TOKEN=${TOKEN:-§}", &["§"]),
            ("ACCESS_TOKEN=¶ # of alice", &["¶"]),
            ("ACCESS_TOKEN=\"¶\" # of alice", &["¶"]),
            ("token: !!str §", &["§"]),
            ("env:\n  - name: ACCESS_TOKEN\n    value: ¶\n", &["¶"]),
            ("env:\n  - name: ACCESS_TOKEN\n    value: \"§\"\n", &["§"]),
            ("- name: Authorization\n  value: Bearer ¶", &["¶"]),
            ("spring:\n  cloud:\n    config:\n      token: ¶\n", &["¶"]),
            ("access-token = '''¶'''", &["¶"]),
            ("access_token = \"\"\"¶\"\"\"", &["¶"]),
            ("[registries.a]\ntoken = \"Bearer ¶\"\nindex = \"https://a.test\"", &["¶"]),
            ("[auth]\ntoken: ¶\n", &["¶"]),
            ("[default]\naccess_token = ¶\nregion = eu-west-1", &["¶"]),
            ("oauth.access-token=¶", &["¶"]),
            ("oauth.access-token = 00D5g000004xyzA\\!ARcAQPx.0k1_Zt$9|b*Q", &["¶"]),
            ("access.token\\: x\ntoken=§", &["§"]),
            ("app.jwt: §", &["§"]),
            ("//registry.a.test/:_authToken=¶", &["¶"]),
            ("npm config set //registry.a.test/:_authToken=§", &["§"]),
            ("machine a.test login alice password §", &["§"]),
            ("variable \"token\" {\n  default = \"¶\"\n}", &["¶"]),
            ("access_token = \"¶\"\nrefresh_token = \"ref-8a7b6c5d4e3f2a1b\"\n", &["¶", "ref-8a7b6c5d4e3f2a1b"]),
            ("<add key=\"AccessToken\" value=\"¶\" />", &["¶"]),
            ("<entry key=\"access_token\">¶</entry>", &["¶"]),
            ("<key>access_token</key>\n<string>¶</string>", &["¶"]),
            ("<string name=\"access_token\">¶</string>", &["¶"]),
            ("\"TOKEN\"=\"¶\"", &["¶"]),
            ("Environment=\"ACCESS_TOKEN=¶\"", &["¶"]),
            ("Environment=ACCESS_TOKEN=§", &["§"]),
            ("docker run -e ACCESS_TOKEN=¶ img", &["¶"]),
            ("docker run --env ACCESS_TOKEN=§ img", &["§"]),
            ("services:\n  a:\n    environment:\n      ACCESS_TOKEN: ¶\n", &["¶"]),
            ("ENV ACCESS_TOKEN §", &["§"]),
        ],
    );
}

#[test]
fn exports_of_clients() {
    let har = STANDARD.encode(filled("{\"access_token\":\"§\",\"id_token\":\"¤\"}"));
    let opaque = STANDARD.encode(filled("{\"access_token\":\"¶\"}"));
    let form = STANDARD.encode(filled("grant_type=x&subject_token=¶"));
    let burp = STANDARD.encode(filled("GET /api HTTP/1.1\r\nHost: a.test\r\nAuthorization: Bearer ¶\r\n\r\n"));
    let rows: Vec<(String, &[&str])> = vec![
        (
            format!(
                "{{\"log\":{{\"entries\":[{{\"response\":{{\"content\":{{\"mimeType\":\"application/json\",\"text\":\"{har}\",\"encoding\":\"base64\"}}}}}}]}}}}"
            ),
            &["§", "¤"],
        ),
        (
            format!(
                "{{\"log\":{{\"entries\":[{{\"response\":{{\"content\":{{\"text\":\"{opaque}\",\"encoding\":\"base64\"}}}}}}]}}}}"
            ),
            &["¶"],
        ),
        (
            format!(
                "{{\"log\":{{\"entries\":[{{\"request\":{{\"postData\":{{\"text\":\"{form}\",\"encoding\":\"base64\"}}}}}}]}}}}"
            ),
            &["¶"],
        ),
        (format!("<item><request base64=\"true\"><![CDATA[{burp}]]></request></item>"), &["¶"]),
        (
            filled(
                "{\"info\":{\"_postman_id\":\"1\",\"schema\":\"https://schema.getpostman.com/json/collection/v2.1.0/collection.json\"},\"item\":[{\"name\":\"f\",\"item\":[{\"name\":\"r\",\"request\":{\"auth\":{\"type\":\"bearer\",\"bearer\":[{\"key\":\"token\",\"value\":\"¶\",\"type\":\"string\"}]},\"method\":\"GET\",\"header\":[],\"url\":{\"raw\":\"https://a.test/x?access_token=§\",\"query\":[{\"key\":\"access_token\",\"value\":\"§\"}]}}}]}],\"variable\":[{\"key\":\"jwt\",\"value\":\"¤\"}]}",
            ),
            &["¶", "§", "¤"],
        ),
        (filled("{\"auth\":{\"type\":\"bearer\",\"bearer\":{\"token\":\"¶\"}}}"), &["¶"]),
        (
            filled(
                "{\"id\":\"1\",\"name\":\"dev\",\"values\":[{\"key\":\"accessToken\",\"value\":\"¶\",\"type\":\"secret\",\"enabled\":true}],\"_postman_variable_scope\":\"environment\"}",
            ),
            &["¶"],
        ),
        (
            filled(
                "{\"_type\":\"export\",\"__export_format\":4,\"resources\":[{\"_id\":\"req_1\",\"headers\":[{\"id\":\"pair_1\",\"name\":\"Authorization\",\"value\":\"Bearer ¶\",\"description\":\"\"}],\"authentication\":{\"type\":\"oauth2\",\"accessToken\":\"§\"}},{\"_type\":\"environment\",\"data\":{\"access_token\":\"¤\"}}]}",
            ),
            &["¶", "§", "¤"],
        ),
        (
            filled(
                "type: collection.insomnia.rest/5.0\ncollection:\n  - url: https://a.test\n    headers:\n      - name: Authorization\n        value: Bearer ¶\n    authentication:\n      type: bearer\n      token: §\n",
            ),
            &["¶", "§"],
        ),
        (filled("headers {\n  Authorization: Bearer ¶\n  ~X-Old: 1\n}\n"), &["¶"]),
        (filled("vars {\n  host: https://a.test\n  access_token: ¶\n}\n"), &["¶"]),
        (filled("auth:bearer {\n  token: ¶\n}"), &["¶"]),
        (
            filled(
                "{\"clientName\":\"Thunder Client\",\"requests\":[{\"auth\":{\"type\":\"bearer\",\"bearer\":\"¶\"},\"headers\":[{\"name\":\"Authorization\",\"value\":\"Bearer §\"}]}]}",
            ),
            &["¶", "§"],
        ),
        (filled("{\"clientName\":\"Thunder Client\",\"variables\":[{\"name\":\"token\",\"value\":\"¶\"}]}"), &["¶"]),
        (
            filled(
                "{\"v\":\"1\",\"auth\":{\"authType\":\"bearer\",\"authActive\":true,\"token\":\"¶\"},\"headers\":[{\"key\":\"Authorization\",\"value\":\"Bearer §\",\"active\":true}]}",
            ),
            &["¶", "§"],
        ),
        (filled("{\"v\":\"1\",\"auth\":{\"authType\":\"oauth-2\",\"grantTypeInfo\":{\"token\":\"¶\"}}}"), &["¶"]),
        (filled("{\"dev\":{\"access_token\":\"¶\",\"host\":\"https://a.test\"}}"), &["¶"]),
        (filled("<con:accessToken>¶</con:accessToken>"), &["¶"]),
        (
            filled(
                "<stringProp name=\"Header.name\">Authorization</stringProp>\n<stringProp name=\"Header.value\">Bearer ¶</stringProp>",
            ),
            &["¶"],
        ),
        (filled("a.test\tFALSE\t/\tTRUE\t0\taccess_token\t¶"), &["¶"]),
        (filled("#HttpOnly_a.test\tFALSE\t/\tTRUE\t0\taccess_token\t§"), &["§"]),
        (filled("access_token\t¶\t.a.test\t/\tSession\t1204\t✓"), &["¶"]),
        (filled("Name\tValue\nid_token\t¤"), &["¤"]),
        (filled("{\"cookies\":[{\"name\":\"access_token\",\"value\":\"¶\",\"httpOnly\":true}]}"), &["¶"]),
        (filled("cy.setCookie('access_token', '¶')"), &["¶"]),
        (filled("window.localStorage.setItem(\"kc_token\", \"¶\")"), &["¶"]),
        (
            filled(
                "{\"@@auth0spajs@@::a::b::openid\":{\"body\":{\"client_id\":\"a\",\"access_token\":\"¶\",\"id_token\":\"¤\",\"decodedToken\":{\"encoded\":{\"header\":\"eyJhbGciOiJSUzI1NiJ9\"}}}}}",
            ),
            &["¶", "¤"],
        ),
        (
            filled(
                "{\"okta-token-storage\":\"{\\\"accessToken\\\":{\\\"accessToken\\\":\\\"§\\\",\\\"tokenType\\\":\\\"Bearer\\\"},\\\"idToken\\\":{\\\"idToken\\\":\\\"¤\\\"}}\"}",
            ),
            &["§", "¤"],
        ),
        (filled("{\"data\":{\"login\":{\"accessToken\":\"¶\"}}}"), &["¶"]),
        (filled("{\"jsonrpc\":\"2.0\",\"result\":\"§\"}"), &["§"]),
        (filled("{\"token\":{\"value\":\"§\",\"type\":\"jwt\"}}"), &["§"]),
        (filled("{\"token\":{\"access\":\"¶\"}}"), &["¶"]),
        (
            filled("{\"access\":{\"token\":\"¶\"},\"refresh\":{\"token\":\"ref-8a7b6c5d4e3f2a1b\"}}"),
            &["¶", "ref-8a7b6c5d4e3f2a1b"],
        ),
        (filled("{\"access\":\"§\",\"refresh\":\"¤\"}"), &["§", "¤"]),
        (filled("\"{\\\"data\\\":\\\"{\\\\\\\"access_token\\\\\\\":\\\\\\\"¶\\\\\\\"}\\\"}\""), &["¶"]),
        (filled("{\\\"access_token\\\":\\\"¶\\\",\\\"expires_in\\\":300}"), &["¶"]),
        (filled("{\\\\\\\"access_token\\\\\\\":\\\\\\\"§\\\\\\\"}"), &["§"]),
        (filled("{&quot;access_token&quot;:&quot;¶&quot;}"), &["¶"]),
    ];
    owned("exports", &rows);
}

#[test]
fn commands_and_snippets_of_programs() {
    table(
        "programs",
        &[
            ("url = \"https://a.test\"\nheader = \"Authorization: Bearer ¶\"\n", &["¶"]),
            ("oauth2-bearer = \"¶\"", &["¶"]),
            ("oauth2-bearer = §", &["§"]),
            ("-H \"Authorization: Bearer ¶\"\n--url https://a.test", &["¶"]),
            ("curl --oauth2-bearer \"¶\" https://a.test", &["¶"]),
            ("curl --oauth2-bearer=¶ https://a.test", &["¶"]),
            ("header = Authorization: Bearer ¶", &["¶"]),
            ("wget --header=Authorization:\\ Bearer\\ § https://a.test", &["§"]),
            ("wget --header \"Authorization: Bearer ¶\" --post-data 'subject_token=§' https://a.test", &["¶", "§"]),
            ("aria2c --header='Authorization: Bearer ¶' https://a.test", &["¶"]),
            ("http GET :8080/x Authorization:\"Bearer ¶\"", &["¶"]),
            ("http GET https://a.test \"Authorization: Bearer ¶\"", &["¶"]),
            ("https --auth-type=bearer --auth=¶ a.test", &["¶"]),
            ("https -A bearer -a '¶' a.test", &["¶"]),
            ("http --form POST a.test token=¶ x=1", &["¶"]),
            ("http a.test Cookie:access_token=¶", &["¶"]),
            ("ab -n 10 -H \"Authorization: Bearer ¶\" https://a.test/", &["¶"]),
            ("hey -H 'Authorization: Bearer ¶' https://a.test", &["¶"]),
            ("websocat -H='Authorization: Bearer ¶' wss://a.test", &["¶"]),
            ("wscat -c wss://a.test/ws?token=¶", &["¶"]),
            ("wscat -H \"Authorization: Bearer §\" -c wss://a.test", &["§"]),
            ("wss://a.test/ws?access_token=§&v=2", &["§"]),
            ("new WebSocket('wss://a.test/ws?token=¶')", &["¶"]),
            ("gh api -H \"Authorization: Bearer ¶\" /user", &["¶"]),
            ("git -c http.extraHeader=\"Authorization: Bearer ¶\" clone https://a.test/x.git", &["¶"]),
            ("git clone https://oauth2:glpat-aB3dE5fG7hJ9kL1mN3pQ@gitlab.test/x.git", &["glpat-aB3dE5fG7hJ9kL1mN3pQ"]),
            ("https://x-access-token:§@github.test/a/b", &["§"]),
            ("docker login -u oauth2accesstoken -p § https://gcr.test", &["§"]),
            ("helm upgrade a b --kube-token ¶", &["¶"]),
            ("kubectl config set-credentials x --token=¶", &["¶"]),
            ("vault write auth/jwt/login role=a jwt=§", &["§"]),
            ("requests.get(u, headers={\"Authorization\": \"Bearer ¶\"})", &["¶"]),
            ("session.headers.update({\"Authorization\": \"Bearer ¶\"})", &["¶"]),
            ("s.headers['Authorization'] = 'Bearer ' + '¶'", &["¶"]),
            ("headers = {\"Authorization\": \"Bearer \" + \"¶\"}", &["¶"]),
            ("token = \"¶\"\nheaders = {\"Authorization\": f\"Bearer {token}\"}", &["¶"]),
            ("axios.defaults.headers.common['Authorization'] = 'Bearer ¶';", &["¶"]),
            ("axios.get(u, { headers: { Authorization: `Bearer ¶` } })", &["¶"]),
            (".addHeader(\"Authorization\", \"Bearer ¶\")", &["¶"]),
            (".bearer_auth(\"¶\")", &["¶"]),
            ("bearerAuth(\"¶\")", &["¶"]),
            ("client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(\"Bearer\", \"¶\");", &["¶"]),
            ("request.AddHeader(\"authorization\", \"Bearer ¶\");", &["¶"]),
            ("req.Header.Set(\"Authorization\", \"Bearer ¶\")", &["¶"]),
            ("req.Header.Add(\"Authorization\", \"Bearer \"+\"¶\")", &["¶"]),
            ("curl_setopt($ch, CURLOPT_HTTPHEADER, array(\"Authorization: Bearer ¶\"));", &["¶"]),
            ("'headers' => ['Authorization' => 'Bearer ¶']", &["¶"]),
            ("request[\"Authorization\"] = \"Bearer ¶\"", &["¶"]),
            (".header(AUTHORIZATION, \"Bearer ¶\")", &["¶"]),
            ("HttpHeaders.authorizationHeader: 'Bearer ¶'", &["¶"]),
            ("request.setValue(\"Bearer ¶\", forHTTPHeaderField: \"Authorization\")", &["¶"]),
            ("[{\"authorization\", \"Bearer ¶\"}]", &["¶"]),
            ("{:headers {\"Authorization\" \"Bearer ¶\"}}", &["¶"]),
            ("add_headers(Authorization = \"Bearer ¶\")", &["¶"]),
            (".setRequestHeader \"Authorization\", \"Bearer ¶\"", &["¶"]),
            ("headers.setBearerAuth(\"¶\");", &["¶"]),
            ("HttpHeader.authorization().bearer(\"§\")", &["§"]),
            ("fetch(u,{headers:{authorization:\"Bearer ¶\"}})", &["¶"]),
            ("Authorization: `Bearer ${\"§\"}`", &["§"]),
            ("# @token = §\nGET https://a.test\nAuthorization: Bearer {{token}}", &["§"]),
            ("@token = ¶\nGET https://a.test\nAuthorization: Bearer {{token}}", &["¶"]),
            ("curl.exe -H \"Authorization: Bearer §\" https://a.test `\n  -d \"{\\\"id_token\\\":\\\"¤\\\"}\"", &["§", "¤"]),
            ("curl ^\"https://a.test/^\" -H ^\"Authorization: Bearer ¶^\" ^\r\n  --data-raw ^\"subject_token=§^\"", &["¶", "§"]),
            ("curl -H ^\"Authorization: Bearer §^\" https://a.test", &["§"]),
            ("curl \"https://a.test\" -H \"Authorization: Bearer §\" -d \"{^\\^\"a^\\^\":1}\"", &["§"]),
            ("Invoke-RestMethod -Uri https://a.test -Headers @{'Authorization'='Bearer ¶'} -Method Get", &["¶"]),
            ("iwr https://a.test -H @{\"Authorization\"=\"Bearer §\"}", &["§"]),
            (
                "Invoke-WebRequest -Uri \"https://a.test\" `\n-Headers @{\n  \"authorization\"=\"Bearer ¶\"\n  \"cookie\"=\"a=1; id_token=¤\"\n}",
                &["¶", "¤"],
            ),
        ],
    );
}

#[test]
fn answers_of_cloud_tools_and_clusters() {
    let b64 = |text: &str| STANDARD.encode(filled(text));
    let rows: Vec<(String, &[&str])> = vec![
        (
            format!(
                "{{\"apiVersion\":\"v1\",\"items\":[{{\"data\":{{\"token\":\"{}\",\"ca.crt\":\"LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSUM=\"}},\"kind\":\"Secret\"}}],\"kind\":\"List\"}}",
                b64("§")
            ),
            &["§"],
        ),
        (
            format!(
                "apiVersion: v1\nitems:\n- apiVersion: v1\n  data:\n    access_token: {}\n  kind: Secret\nkind: List\n",
                b64("¶")
            ),
            &["¶"],
        ),
        (format!("data:\n  token: {}\nkind: Secret\n", b64("¶")), &["¶"]),
        (format!("map[ca.crt:LS0tLS1CRUdJTg== namespace:ZGVmYXVsdA== token:{}]", b64("§")), &["§"]),
        (format!("{{\"ca.crt\":\"LS0tLS1CRUdJTg==\",\"namespace\":\"ZGVmYXVsdA==\",\"token\":\"{}\"}}", b64("§")), &["§"]),
        (format!("{{\"token\":\"{}\"}}", b64("¶")), &["¶"]),
        (
            filled(
                "Name:         a-token\nType:  kubernetes.io/service-account-token\n\nData\n====\nca.crt:     1066 bytes\ntoken:      §\n",
            ),
            &["§"],
        ),
        (filled("apiVersion: v1\nkind: Secret\nstringData:\n  token: ¶\n"), &["¶"]),
        (filled("users:\n- name: a\n  user:\n    token: ¶\n"), &["¶"]),
        (
            filled(
                "{\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/v1\",\"status\":{\"token\":\"k8s-aws-v1.aHR0cHM6Ly9zdHMuZXUtd2VzdC0xLmFtYXpvbmF3cy5jb20v\"}}",
            ),
            &["k8s-aws-v1.aHR0cHM6Ly9zdHMuZXUtd2VzdC0xLmFtYXpvbmF3cy5jb20v"],
        ),
        (
            filled(
                "{\"AuthenticationResult\":{\"AccessToken\":\"§\",\"ExpiresIn\":3600,\"TokenType\":\"Bearer\",\"RefreshToken\":\"ref-8a7b6c5d4e3f2a1b\",\"IdToken\":\"¤\"},\"ChallengeParameters\":{}}",
            ),
            &["§", "ref-8a7b6c5d4e3f2a1b", "¤"],
        ),
        (
            filled(
                "{\"startUrl\":\"https://a.awsapps.com/start\",\"region\":\"eu-west-1\",\"accessToken\":\"¶\",\"expiresAt\":\"2026-11-20T10:00:00Z\",\"clientId\":\"abc\"}",
            ),
            &["¶"],
        ),
        (
            filled(
                "{\"Credentials\":{\"AccessKeyId\":\"ASIAIOSFODNN7EXAMPLE\",\"SecretAccessKey\":\"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\",\"SessionToken\":\"IQoJb3JpZ2luX2VjEJr1K7MDENG0bPxRfiCY\"}}",
            ),
            &["IQoJb3JpZ2luX2VjEJr1K7MDENG0bPxRfiCY"],
        ),
        (
            filled(
                "{\n  \"access_token\": \"ya29.a0AfH6SMBx1234567890abcdefghij\",\n  \"expires_in\": 3599,\n  \"scope\": \"https://www.googleapis.com/auth/cloud-platform\",\n  \"token_type\": \"Bearer\",\n  \"id_token\": \"¤\"\n}",
            ),
            &["ya29.a0AfH6SMBx1234567890abcdefghij", "¤"],
        ),
        (
            filled(
                "{\"account\":\"\",\"client_id\":\"764086051850-6qr4p6gpi6hn506pt8ejuq83di341hur.apps.googleusercontent.com\",\"client_secret\":\"d-FL95Q19q7MQmFpd7hHD0Ty\",\"refresh_token\":\"1//03dJ8xa1Kx2yzCgYIARAAGAMSNwF-L9Ir\",\"type\":\"authorized_user\"}",
            ),
            &["1//03dJ8xa1Kx2yzCgYIARAAGAMSNwF-L9Ir"],
        ),
        (
            filled(
                "accessToken: §\nexpiresOn: '2026-11-20 10:00:00.000000'\nsubscription: 8f14e45f-ceea-467a-9575-2c3a1d1b7b0e\ntenant: 8f14e45f-ceea-467a-9575-2c3a1d1b7b0f\ntokenType: Bearer",
            ),
            &["§"],
        ),
        (filled("AccessToken    ExpiresOn\n-------------  -------------\n§  2026-11-20 10:00:00"), &["§"]),
        (filled("$ az account get-access-token --query accessToken -o tsv\n§\n$"), &["§"]),
        (
            filled(
                "{\n  \"accessToken\": \"¶\",\n  \"expiresOn\": \"2026-11-20 10:00:00.000000\",\n  \"subscription\": \"8f14e45f-ceea-467a-9575-2c3a1d1b7b0e\",\n  \"tenant\": \"8f14e45f-ceea-467a-9575-2c3a1d1b7b0f\",\n  \"tokenType\": \"Bearer\"\n}",
            ),
            &["¶"],
        ),
        (
            filled(
                "10.0.0.1 - - [20/Nov/2026:10:00:00 +0000] \"GET /api?access_token=00D5g000004xyzA%21ARcAQPx.0k1_Zt%249%7Cb%2AQ HTTP/1.1\" 200 5 \"-\" \"curl/8\"",
            ),
            &["¶"],
        ),
        (
            filled(
                "10.0.0.1 - - [20/Nov/2026:10:00:00 +0000] \"GET / HTTP/1.1\" 200 5 \"https://a.test/cb#access_token=§&id_token=¤\" \"x\"",
            ),
            &["§", "¤"],
        ),
        (filled("ts=1 level=debug url=\"/cb?code=a&token=¶\" status=302"), &["¶"]),
        (filled("com.example.app:/oauth2redirect#access_token=§&id_token=¤&state=1"), &["§", "¤"]),
        (filled("myapp://cb?token=¶&state=1"), &["¶"]),
        (filled("http://localhost:3000/#/callback?access_token=¶&state=1"), &["¶"]),
        (filled("https://a.test/#!/cb#access_token=¶"), &["¶"]),
        (filled("https://a.test/cb#state=1&access_token=¶&token_type=bearer&expires_in=300&scope=a+b"), &["¶"]),
        (filled("Bearer%20§"), &["§"]),
        (filled("Authorization=Bearer%20¶"), &["¶"]),
        (filled("authorization=Bearer+§"), &["§"]),
        (filled("https://a.test/?authorization=Bearer%20§"), &["§"]),
        (filled("Authorization: DPoP ¶"), &["¶"]),
        (filled("DPoP §"), &["§"]),
        (filled("dpop ¶"), &["¶"]),
        (filled("BEARER §"), &["§"]),
        (filled("bearer ¶"), &["¶"]),
        (filled("Authorization: Bearer: §"), &["§"]),
        (filled("Authorization Bearer §"), &["§"]),
        (filled("-H Authorization: Bearer ¶"), &["¶"]),
        (filled("[Authorization: Bearer ¶]"), &["¶"]),
        (filled("header 'authorization' = 'Bearer ¶'"), &["¶"]),
        (filled("Authorization = Bearer ¶"), &["¶"]),
        (filled("§ §"), &["§"]),
        (filled("§\n§"), &["§"]),
        (filled("Bearer §\nBearer §"), &["§"]),
        (filled("§."), &["§"]),
        (filled("\"§\";"), &["§"]),
        (filled("<§>"), &["§"]),
        (filled("(§)."), &["§"]),
        (filled("'§',"), &["§"]),
        (filled("§?"), &["§"]),
        (filled("§!"), &["§"]),
        (filled("§:"), &["§"]),
        (filled("[§]"), &["§"]),
        (filled("{§}"), &["§"]),
        (filled("*§*"), &["§"]),
        (filled("**§**"), &["§"]),
        (filled("_§_"), &["§"]),
        (filled("token=§."), &["§"]),
        (filled("`§`,"), &["§"]),
        (filled("“¶”"), &["¶"]),
        (filled("Bearer ¶."), &["¶"]),
        (filled("“Bearer ¶”"), &["¶"]),
        (filled("token: ¶."), &["¶"]),
        (filled("\"¶\","), &["¶"]),
        (filled("'¶';"), &["¶"]),
        (
            filled("the Salesforce session is 00D5g000004xyzA!ARcAQPx.0k1_Zt9 and it expires"),
            &["00D5g000004xyzA!ARcAQPx.0k1_Zt9"],
        ),
        (filled("Your access token is: AQX*9f$2kd!83hfk29*dk"), &["AQX*9f$2kd!83hfk29*dk"]),
        (filled("my token is 8f14e45fceea467a95752c3a1d1b7b0e, please check"), &["8f14e45fceea467a95752c3a1d1b7b0e"]),
        (filled("Here is the access token:\n\n8f14e45fceea467a95752c3a1d1b7b0e\n\nBob"), &["8f14e45fceea467a95752c3a1d1b7b0e"]),
        (
            filled("Use xoxb-1234567890-1234567890123-aB3dE5fG7hJ9kL1mN3pQ5rS7 for it."),
            &["xoxb-1234567890-1234567890123-aB3dE5fG7hJ9kL1mN3pQ5rS7"],
        ),
        (
            filled("sent ory_at_aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xYz2.cD4eF6gH8iJ0kL2mN4oP6qR8sT0uV2wX4yZ6 ok"),
            &["ory_at_aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xYz2.cD4eF6gH8iJ0kL2mN4oP6qR8sT0uV2wX4yZ6"],
        ),
    ];
    owned("answers", &rows);
}

#[test]
fn a_token_inside_a_token_is_not_another() {
    let inner = filled("§");
    let outer = |claims: serde_json::Value| format!("eyJhbGciOiJSUzI1NiJ9.{}.AAAA", URL_SAFE_NO_PAD.encode(claims.to_string()));
    let nested = outer(serde_json::json!({"sub": "a", "id_token": inner}));
    let texts = [
        nested.clone(),
        format!("Bearer {nested}"),
        format!("see {nested} there"),
        format!("{{\"access_token\":\"{nested}\"}}"),
        format!("curl -H 'Authorization: Bearer {nested}' https://a.test"),
        STANDARD.encode(&nested),
    ];
    for text in texts {
        let found: Vec<String> = found(&text).into_iter().map(|(text, _)| text).collect();
        assert_eq!(found, std::slice::from_ref(&nested), "{text}");
    }
}
