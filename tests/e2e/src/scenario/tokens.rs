//! Tokens by themselves: pasted in every wrapping, read, verified, decrypted, compared, held against servers and expectations,
//! and what is left of them after a restart.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use crate::{
    Result,
    acts::{self, expect},
    page::{Page, Place, SOON, Shelved, says},
    scene::{LARGE, SMALL, Scene},
    webdriver::key,
};

/// An SD-JWT of its specification, with disclosures and key binding.
const SD_JWT: &str = include_str!("../../../fixtures/vectors/sd-jwt/examples.json");
/// A signed token inside an encrypted one, with both keys (RFC 7520 6).
const NESTED: &str = include_str!("../../../fixtures/vectors/jose-cookbook/6.nesting_signatures_and_encryption.json");

/// What a service's own configuration asks of a token.
const BLOCK: &str =
    "checks:\n  audience: orders-api\n  roles: [approver]\n  expiration: 5m\ntoken_exchange:\n  enabled: false\nretries: 3\n";

pub(super) fn tokens(scene: &mut Scene) -> Result<()> {
    scene.step("open, try the lab, exchange", |scene| {
        scene.open()?;
        acts::try_the_lab(scene)?;
        expect(&acts::exchange(scene.page()?, "portal", "orders-api")?, "success")
    })?;
    let issued = super::newest(scene)?;
    scene.step("the shelf draws the line: the issued token hangs under its subject", |scene| lineage(scene, &issued))?;
    inspector(scene, &issued)?;
    pasted(scene)?;
    sealed(scene)?;
    compared(scene, &issued)?;
    truth(scene)?;
    expectations(scene, &issued)?;
    restarted(scene)
}

fn lineage(scene: &Scene, issued: &Shelved) -> Result<()> {
    let page = scene.page()?;
    let of = |id: &str, name: &str| {
        page.script(
            "return document.querySelector(`#shelf [data-token='${arguments[0]}']`).getAttribute(arguments[1])",
            json!([id, name]),
        )
    };
    let login = acts::login_token(page)?;
    let levels = (of(&login.id, "aria-level")?, of(&issued.id, "aria-level")?);
    if levels != (json!("1"), json!("2")) {
        return Err(format!("the levels are {levels:?}"));
    }
    says(of(&issued.id, "title")?.as_str().unwrap_or_default(), &["token exchange", "step"])?;
    page.select(issued)?;
    page.go(Place::Compare)?;
    page.read_all(".inspect .side", &["Lineage", "access · frontend", "step 3", "portal → orders-api", "step 4"])?;
    menu(page, issued, "Compare with its subject")?;
    page.read_all("#view-compare .verdicts", &["Audience", "preserved", "narrowed"]).map(drop)
}

/// One token of the issuer, taken in from a curl command, read in all its panes.
fn inspector(scene: &mut Scene, issued: &Shelved) -> Result<()> {
    let text = raw(scene.page()?, issued)?;
    let signature = text.rsplit('.').next().unwrap_or_default().to_owned();
    scene.step("paste a whole curl command: its token is verified with the issuer's key", |scene| {
        let page = scene.page()?;
        menu(page, issued, "Remove from the shelf")?;
        page.read(".toasts", "off the shelf")?;
        page.button_in(".toasts", "Undo")?;
        page.wait("the token back on the shelf", SOON, |page| Ok(Page::new(page).tokens()?.iter().any(|token| token.id == issued.id).then_some(())))?;
        menu(page, issued, "Remove from the shelf")?;
        page.toast("off the shelf")?;
        page.go(Place::Compare)?;
        paste(page, &format!("curl -X GET 'https://api.test/orders' \\\n  -H 'Accept: application/json' \\\n  -H \"Authorization: Bearer {text}\""))?;
        page.toast("Found an access token.")?;
        page.token(&["Pasted", "alice", "valid"])?;
        page.read_all(".inspect .side", &["verified with the issuer's key", "RS256", "RSA 2048", "Key from", "/protocol/openid-connect/certs", "Findings"])?;
        page.read_all(".inspect .id", &["Signature", "verified", "Issuer", "Came from", "the clipboard"]).map(drop)
    })?;
    scene.step("claims with what they mean, the header, and what is remarkable", |scene| {
        let page = scene.page()?;
        let holder = [
            "azp",
            "portal",
            "The client that holds this token",
            "by token exchange",
            "Keycloak's audit events name it as token_id",
        ];
        page.read_all(".meanings", &holder)?;
        page.read_all(".meanings", &["aud", "orders-api", "Who may accept this token"])?;
        page.press(".meanings section[aria-label='JOSE header'] button.group")?;
        page.read_all(".meanings section[aria-label='JOSE header']", &["RS256", "A verifier chooses by its key, not by this"])?;
        let own = page.token(&["Pasted", "alice"])?;
        page.select(&acts::login_token(page)?)?;
        page.read_all(".inspect .side", &["RFC 9700 2.3", "warning:", "audiences", "exchange it for a narrower one"])?;
        pictures(scene, "inspect")?;
        scene.page()?.select(&own)
    })?;
    scene.step("the text crosses to the window only on demand", |scene| {
        let page = scene.page()?;
        not_on_page(page, &signature)?;
        page.button("Raw")?;
        page.read(".rawtoken", "The token's text is not shown")?;
        not_on_page(page, &signature)?;
        page.button("Show the token text")?;
        page.read("pre[aria-label='Token text']", &signature)?;
        page.button("Claims")?;
        page.see(".meanings")?;
        not_on_page(page, &signature)
    })?;
    scene.step("Markdown has the claims and no signature", |scene| {
        let page = scene.page()?;
        page.button("Copy claims as Markdown, without the signature")?;
        page.toast("opied")?;
        let markdown = scene.desk.clipboard()?;
        says(&markdown, &["| aud | orders-api |", "portal", "verified"])?;
        if markdown.contains(&signature) { Err("the signature was copied".into()) } else { Ok(()) }
    })
}

/// What people have on their clipboard besides curl.
fn pasted(scene: &mut Scene) -> Result<()> {
    scene.step("paste Bearer text with quotes: nobody signed it, and that is said", |scene| {
        let page = scene.page()?;
        let token = jwt(&json!({"alg": "none"}), &json!({"sub": "mallory", "aud": "orders-api", "tenant": "unknown to us"}), "");
        paste(page, &format!("'Bearer {token}'"))?;
        page.token(&["Pasted", "mallory"])?;
        page.read_all(
            "#view-compare",
            &["This token is not signed.", "alg none", "Quotes removed", "Scheme removed", "RFC 8725", "tenant", "unknown to us"],
        )?;
        pictures(scene, "unsigned")
    })?;
    scene.step("paste a JSON token response: all its tokens, each by its name", |scene| {
        let page = scene.page()?;
        let before = page.tokens()?.len();
        let header = json!({"alg": "RS256", "kid": "elsewhere", "typ": "JWT"});
        let claims = json!({"iss": "https://elsewhere.test", "sub": "carol", "aud": "web", "azp": "web", "nonce": "n", "exp": 4_102_444_800_i64, "iat": 1_700_000_000});
        let id = jwt(&header, &claims, "c2lnbmF0dXJl");
        let answer = json!({"access_token": "2f1c8a52-0b5e-4f3a-9a55-6c2f0d8f6e11", "refresh_token": "ory_rt_9c2e7b1f0a4d4a6e", "id_token": id, "token_type": "Bearer", "expires_in": 300});
        paste(page, &serde_json::to_string_pretty(&answer).map_err(|error| error.to_string())?)?;
        // Several are offered by where they stood, and all are wanted at first.
        page.read_all("dialog[open]", &["member access_token", "member refresh_token", "member id_token"])?;
        page.button("Add 3 tokens")?;
        says(&page.toast("Found")?, &["an access token", "an ID token", "a refresh token"])?;
        page.wait("three more tokens", SOON, |page| Ok((Page::new(page).tokens()?.len() == before + 3).then_some(())))?;
        let carol = page.token(&["Pasted", "carol"])?;
        page.select(&carol)?;
        page.read_all("#view-compare", &["https://elsewhere.test is not an issuer of this profile", "Nobody vouches for these claims", "An ID token"]).map(drop)
    })?;
    scene.step("paste an SD-JWT: its disclosures and its key binding", |scene| {
        let file: Value = serde_json::from_str(SD_JWT).map_err(|error| error.to_string())?;
        let case = file["cases"].as_array().and_then(|all| all.iter().find(|case| case["id"] == "simple"));
        let token = case.and_then(|case| case["sd_jwt_presentation"].as_str()).ok_or("no SD-JWT")?;
        let page = scene.page()?;
        paste(page, token)?;
        page.read_all("#view-compare .meanings", &["Disclosures", "signed by the issuer", "Key binding", "fits the key in cnf"])?;
        page.read_all("#view-compare .side", &["Selective disclosure", "Holder proved"])?;
        pictures(scene, "sd-jwt")
    })
}

/// An encrypted token, opened with its key, and the signed one inside it.
fn sealed(scene: &mut Scene) -> Result<()> {
    let file: Value = serde_json::from_str(NESTED).map_err(|error| error.to_string())?;
    scene.step("paste a JWE; the wrong key is refused at its field, the right one opens it", |scene| {
        let page = scene.page()?;
        paste(page, file["encrypt"]["output"]["compact"].as_str().unwrap_or_default())?;
        page.read("#view-compare", "The claims are encrypted")?;
        page.button_in("#view-compare .head", "Decrypt with a key")?;
        give(page, &file["sign"]["input"]["key"].to_string())?;
        page.button_in("dialog[open]", "Decrypt")?;
        page.read("dialog[open] .fault", "key")?;
        give(page, &file["encrypt"]["input"]["key"].to_string())?;
        page.button_in("dialog[open]", "Decrypt")?;
        page.see_no("dialog[open]")?;
        page.read_all(
            "#view-compare",
            &[
                "hobbiton.example",
                "Decrypted with the key you gave",
                "Nobody vouches for these claims",
                "A token inside",
                "RSA-OAEP",
            ],
        )?;
        pictures(scene, "decrypted")
    })?;
    scene.step("the token inside has a signature of its own", |scene| {
        let page = scene.page()?;
        let inner = page.wait("the token inside", SOON, |page| {
            let find = "return document.querySelector(\"#shelf [title*='inside the encrypted token']\")?.dataset.token ?? null;";
            let id = page.script(find, json!([]))?;
            Ok(id.as_str().map(|id| Shelved { id: id.to_owned(), words: String::new() }))
        })?;
        page.select(&inner)?;
        page.button_in("#view-compare .head", "Verify with a key")?;
        give(page, &file["sign"]["input"]["key"].to_string())?;
        page.button_in("dialog[open]", "Verify")?;
        page.see_no("dialog[open]")?;
        page.read_all("#view-compare .side", &["verified with pasted key", "PS256", "RSA 2048"]).map(drop)
    })
}

fn compared(scene: &mut Scene, issued: &Shelved) -> Result<()> {
    scene.step("three tokens: a verdict and checks for each, spelled out on demand", |scene| {
        expect(&acts::exchange(scene.page()?, "portal", "orders-api")?, "success")?;
        let again = super::newest(scene)?;
        if again.id == issued.id {
            return Err("no new token".into());
        }
        let page = scene.page()?;
        page.go(Place::Run)?;
        page.select(&acts::login_token(page)?)?;
        acts::map_user(page)?;
        let mapped = super::newest(scene)?;
        page.select(&acts::login_token(page)?)?;
        page.select_too(&again)?;
        page.select_too(&mapped)?;
        page.go(Place::Compare)?;
        page.read(".compare .verd3", "Verdict against A")?;
        page.read_all("[aria-label='Verdict on B']", &["Audience", "Scope", "8 of 8 passed", "orders-api would accept it"])?;
        page.press("[aria-label='Verdict on B'] .chk")?;
        page.read_all(
            "#column-checks",
            &["expected", "B", "orders-api would", "expected orders-api, found orders-api, in aud", "RFC 7519 4.1.3"],
        )?;
        pictures(scene, "compare-three")?;
        let page = scene.page()?;
        page.press("[aria-label='Verdict on C'] .chk")?;
        page.read("#column-checks", "C")?;
        page.button_in("#column-checks", "Hide the checks of C")?;
        page.see_no("#column-checks")?;
        page.select_too(&page.token(&["alice", "id token"])?)?;
        page.press("[aria-label='Verdict on D'] .chk")?;
        page.read_all("#column-checks", &["Looked for in", "D", "orders-api would answer 401", "expected orders-api"])?;
        pictures(scene, "compare-four")
    })
}

fn truth(scene: &mut Scene) -> Result<()> {
    scene.step("three-way truth: decoded, introspection, userinfo", |scene| {
        let page = scene.page()?;
        page.select(&acts::login_token(page)?)?;
        page.go(Place::Compare)?;
        page.button("Server")?;
        page.read(".truth", "not asked yet")?;
        page.button("Ask the server")?;
        page.read_all(".truth thead", &["members", "Token", "verified", "Introspection", "active", "Userinfo", "step"])?;
        page.read_all(".truth tbody", &["the same", "only introspection"])?;
        pictures(scene, "truth")?;
        let page = scene.page()?;
        page.button_in(".truth", "Copy as Markdown")?;
        page.toast("opied")?;
        let markdown = scene.desk.clipboard()?;
        says(&markdown, &["Introspection", "Userinfo", "sub"])?;
        page.button("Claims")
    })
}

fn expectations(scene: &mut Scene, issued: &Shelved) -> Result<()> {
    scene.step("require what this one has: read before it is saved, then it passes", |scene| {
        let page = scene.page()?;
        let good = super::newest_of(scene, "portal")?;
        if good.id == issued.id {
            return Err("that token was removed".into());
        }
        page.select(&good)?;
        page.go(Place::Compare)?;
        page.button_in(".inspect .side", "Require what this one has…")?;
        page.read_all(
            "dialog[open]",
            &["What orders-api will expect", "Audience", "orders-api", "Roles, all", "saved in a copy"],
        )?;
        pictures(scene, "require")?;
        let page = scene.page()?;
        page.button_in("dialog[open]", "Save in a copy")?;
        page.toast("orders-api now expects what this token has.")?;
        page.read(".inspect .side", "orders-api would accept it").map(drop)
    })?;
    scene.step("read a service's YAML block: what it will expect, and what was left out", |scene| {
        let page = scene.page()?;
        page.go(Place::Profiles)?;
        page.press("details[data-resource='orders-api'] summary")?;
        page.button_in("details[data-resource='orders-api']", "Read from YAML…")?;
        give(page, BLOCK)?;
        page.button_in("dialog[open]", "Read")?;
        page.read_all(
            "dialog[open] [role=status]",
            &["What it will expect", "approver", "5 min", "What was left out", "retries"],
        )?;
        pictures(scene, "yaml")?;
        let page = scene.page()?;
        page.button_in("dialog[open]", "Take it over")?;
        page.see_no("dialog[open]")?;
        page.button("Save")?;
        page.toast("aved").map(drop)
    })?;
    scene.step("the check fails now, with evidence: expected, found and where it was looked for", |scene| {
        let page = scene.page()?;
        page.go(Place::Compare)?;
        page.select(&super::newest_of(scene, "portal")?)?;
        page.read_all(
            ".inspect .side",
            &[
                "orders-api would answer 403",
                "Role approver of orders-api",
                "found",
                "Looked for in resource_access.orders-api.roles",
            ],
        )?;
        page.button("Compare with subject")?;
        page.read_all(
            ".compare .checks",
            &["Role approver of orders-api", "expected approver, found", "Looked for in", "resource_access.orders-api.roles"],
        )?;
        pictures(scene, "checks")
    })
}

fn restarted(scene: &mut Scene) -> Result<()> {
    scene.step("after a restart the evidence says what was known, without text or key", |scene| {
        scene.close()?;
        scene.open()?;
        let page = scene.page()?;
        page.go(Place::Compare)?;
        let find = "return document.querySelector(\"#shelf [title*='Only the decoded claims are kept']\") !== null;";
        page.wait("evidence on the shelf", SOON, |page| Ok((page.script(find, json!([]))? == json!(true)).then_some(())))?;
        // A long shelf folds what is over away.
        let fold = "document.querySelector('#shelf .dead > button[aria-expanded=\"false\"]')?.click(); return null;";
        page.script(fold, json!([]))?;
        let list = page.ask("list_tokens", json!({}))?;
        let opened = list.as_array().into_iter().flatten().find(|token| token["decrypted"] == true);
        let id = opened.and_then(|token| token["id"].as_str()).ok_or("the decrypted token is gone")?.to_owned();
        page.select(&Shelved { id, words: String::new() })?;
        page.read_all(
            "#view-compare",
            &[
                "Only decoded evidence is left of this token",
                "hobbiton.example",
                "A token inside",
                "Decrypted",
                "Kept as evidence",
            ],
        )?;
        pictures(scene, "evidence")
    })
}

/// Pastes a text into the window, as Ctrl+V outside any field does.
fn paste(page: Page, text: &str) -> Result<()> {
    page.close_toasts()?;
    let script = "const d = new DataTransfer(); d.setData('text/plain', arguments[0]); document.activeElement.blur(); document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData: d, bubbles: true, cancelable: true }));";
    page.script(script, json!([text])).map(drop)
}

/// Puts a text into the field of a dialog at once, as pasting does; nobody types a key or a file.
fn give(page: Page, text: &str) -> Result<()> {
    let field = page.see("dialog[open] textarea")?;
    let script = "arguments[0].value = arguments[1]; arguments[0].dispatchEvent(new Event('input', { bubbles: true }));";
    page.script(script, json!([field.argument(), text]))?;
    page.settle()
}

/// Opens a token's menu by keyboard and presses an entry.
fn menu(page: Page, token: &Shelved, words: &str) -> Result<()> {
    page.select(token)?;
    page.chord(&[key::SHIFT, '\u{e03a}'])?;
    page.wait(&format!("“{words}” in the menu"), SOON, |page| Page::new(page).option_of_menu(words).map(Some))?;
    page.settle()
}

fn raw(page: Page, token: &Shelved) -> Result<String> {
    let text = page.ask("raw_token", json!({ "token": token.id }))?;
    text.as_str().map(str::to_owned).ok_or_else(|| "a token without text".into())
}

fn not_on_page(page: Page, secret: &str) -> Result<()> {
    if page.source()?.contains(secret) { Err("the token's signature is on the page".into()) } else { Ok(()) }
}

fn jwt(header: &Value, claims: &Value, signature: &str) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}.{signature}", part(header), part(claims))
}

/// Keeps pictures of the window in both themes and both sizes.
fn pictures(scene: &Scene, name: &str) -> Result<()> {
    let page = scene.page()?;
    page.close_toasts()?;
    for (size, suffix) in [(SMALL, "-small"), (LARGE, "")] {
        scene.size(size)?;
        for theme in ["dark", "light"] {
            page.script("document.documentElement.dataset.theme = arguments[0]", json!([theme]))?;
            page.settle()?;
            scene.picture(&scene.kept().join(format!("{name}-{theme}{suffix}.png")))?;
        }
    }
    Ok(())
}
