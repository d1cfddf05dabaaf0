//! Security blocks: every spelling, what is named because it says nothing here, and what can not be read.

use proptest::prelude::*;

use super::*;
use crate::profile::{Dialect, Gateway, Profile, Provider};
use token::check::Expectations;

const ISSUER: &str = "https://id.test/realms/shop";
const GATEWAY: &str = "https://gw.test/oauth2/token";

fn profile() -> Profile {
    Profile {
        provider: Provider { issuer: ISSUER.into(), dialect: Dialect::Keycloak, ..Provider::default() },
        gateway: Some(Gateway { issuer: GATEWAY.into(), dialect: Dialect::Wso2, ..Gateway::default() }),
        ..Profile::default()
    }
}

fn read_it(text: &str) -> Result<Block, BlockFault> {
    read(text, &profile(), "orders-api", &Expectations { scope: vec!["kept".into()], signature: true, ..Expectations::default() })
}

const WHOLE: &str = "\
security:
  identity_provider: keycloak
  api_gateway: wso2
  token_exchange:
    enabled: true
    source_token: wso2
    target_token: keycloak
  checks:
    audience: orders-api
    issuer: https://id.test/realms/shop
    roles:
      all: [viewer]
      any: [a, b]
      path: resource_access.orders-api.roles
    expiration: 5m
";

#[test]
fn the_whole_form_is_read_and_the_rest_stays() {
    let block = read_it(WHOLE).expect("readable");
    let wanted = Expectations {
        issuer: vec![ISSUER.into()],
        audience: vec!["orders-api".into()],
        roles_all: vec!["viewer".into()],
        roles_any: vec!["a".into(), "b".into()],
        roles_path: "resource_access.orders-api.roles".into(),
        max_lifetime_s: 300,
        scope: vec!["kept".into()],
        signature: true,
        ..Expectations::default()
    };
    assert_eq!(block, Block { expectations: wanted, notes: Vec::new() });
}

#[test]
fn names_alone_take_their_values_from_the_profile() {
    for text in ["checks: [audience, issuer, expiration]", "checks:\n  - audience\n  - issuer: true\n  - expiration\n"] {
        let block = read_it(text).expect("readable");
        assert_eq!((block.expectations.audience, block.expectations.issuer), (vec!["orders-api".into()], vec![ISSUER.into()]));
        assert_eq!(block.notes, Vec::<String>::new());
    }
    let roles = read_it("checks: [roles]").expect("readable");
    assert_eq!(roles.notes, ["Line 1: roles has no value; say below which roles are meant."]);
}

#[test]
fn the_token_that_arrives_decides_the_issuer() {
    for (enabled, source, target, issuer) in [
        ("true", "keycloak", "wso2", GATEWAY),
        ("false", "keycloak", "wso2", ISSUER),
        ("true", "wso2", "identity_provider", ISSUER),
        ("true", "wso2_token", "keycloak_token", ISSUER),
        ("true", "x", "https://other.test", "https://other.test"),
    ] {
        let text = format!("token_exchange: {{enabled: {enabled}, source_token: {source}, target_token: {target}}}");
        assert_eq!(read_it(&text).expect("readable").expectations.issuer, [issuer], "{text}");
    }
    let unclear = read_it("token_exchange: {enabled: true, target_token: jwt}").expect("readable");
    assert_eq!(unclear.notes, ["Line 1: target_token is jwt; it does not say whose token it is, so the issuer stays."]);
    assert!(unclear.expectations.issuer.is_empty());
    let realm = read_it("identity_provider: {type: keycloak, url: https://id.test/, realm: shop}").expect("readable");
    assert_eq!(realm.expectations.issuer, [ISSUER]);
}

#[test]
fn nothing_is_dropped_silently() {
    let text = "\
server: {port: 1}
security:
  identity_provider: okta
  api_gateway: {name: kong, plugins: []}
  cors: true
  token_exchange: {enabled: true, cache: 5}
  checks:
    audience: a
    nonce: x
    roles: {none: [a]}
    expiration: {enabled: false, leeway: 30, grace: 2}
";
    let block = read_it(text).expect("readable");
    let expected = [
        "Line 1: server is not known here and was left out.",
        "Line 3: identity_provider is okta; the name says nothing a token could be checked for.",
        "Line 4: api_gateway is kong; the name says nothing a token could be checked for.",
        "Line 4: api_gateway.plugins is not known here and was left out.",
        "Line 5: cors is not known here and was left out.",
        "Line 6: token_exchange.cache is not known here and was left out.",
        "Line 9: checks.nonce is not known here and was left out.",
        "Line 10: checks.roles.none is not known here and was left out.",
        "Line 11: expiration is off there; here expired tokens are always refused.",
        "Line 11: checks.expiration.grace is not known here and was left out.",
    ];
    assert_eq!(block.notes, expected);
    assert_eq!(block.expectations.clock_tolerance_s, 30);
}

#[test]
fn faults_say_where_and_what_to_do() {
    for (text, line, said) in [
        ("", 1, "nothing to read"),
        ("just words", 1, "no security block"),
        ("a: 1\nb: 2", 1, "None of the keys"),
        ("checks:\n  audience: [a\n", 3, "not YAML"),
        ("checks:\n  audience: a\n  audience: b\n", 3, "duplicated key"),
        ("token_exchange:\n  enabled: maybe\n", 2, "must be true or false"),
        ("token_exchange:\n  target_token: x\n", 1, "does not say whether"),
        ("token_exchange: yes please\n", 1, "must be a mapping"),
        ("checks:\n  expiration: soon\n", 2, "no length of time: soon"),
        ("checks:\n  expiration: 99999999999999999999h\n", 2, "no length of time"),
        ("checks:\n  audience:\n    a: b\n", 3, "must be a text or a list"),
        ("checks: 7", 1, "must be a list or a mapping"),
        ("checks:\n  - [a]\n", 2, "no name"),
    ] {
        let fault = read_it(text).expect_err(text);
        assert_eq!(fault.line, line, "{text}: {fault:?}");
        assert!(fault.message.contains(said) && fault.message.ends_with('.') && fault.advice.ends_with('.'), "{text}: {fault:?}");
    }
    assert!(read_it(&"a".repeat(LARGEST + 1)).is_err());
    let bomb = "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: &f [*e,*e,*e,*e,*e,*e,*e,*e,*e]\nchecks: [*f,*f,*f]\n";
    assert!(read_it(bomb).is_err());
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(
        audience in prop::collection::vec("[ -~é]{1,8}", 0..3), issuer in prop::collection::vec("https://[a-z]{1,5}\\.test", 1..3),
        all in prop::collection::vec("[ -~]{1,6}", 0..3), any in prop::collection::vec("[a-z:#,]{1,6}", 0..3), path in "([a-z.]{1,8})?",
        lifetime in 0i64..9999, age in 0i64..9999, tolerance in 0i64..99,
    ) {
        let wanted = Expectations {
            audience, issuer, roles_all: all, roles_any: any, roles_path: path, max_lifetime_s: lifetime, max_age_s: age,
            clock_tolerance_s: tolerance, signature: true, ..Expectations::default()
        };
        let text = write(&wanted, &profile());
        let block = read(&text, &profile(), "r", &Expectations { signature: true, ..Expectations::default() });
        prop_assert_eq!(block, Ok(Block { expectations: wanted, notes: Vec::new() }), "{}", text);
    }

    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,60}|(checks|token_exchange|identity_provider): ?[\\[\\]{}a-z:,&*!\"' \n-]{0,40}") {
        let _ = read_it(&text);
    }
}
