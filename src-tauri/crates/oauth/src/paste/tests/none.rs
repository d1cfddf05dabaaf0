//! Texts that hold no token and are taken for one easily: keys, pictures, code, documentation, addresses. None gives a token, and
//! where it is known what the text is, that is said.

use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::find_tokens;

#[test]
fn what_is_no_token_says_what_it_is() {
    let png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
    let spki = "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEEVs/o5+uQbTjL3chynL4wXgUg2R9q9UU8I5mEovUf86QZ7kOBIjJwqnzD1omageEHWwHdBO6B+dFabmdT9POxg==";
    let map = STANDARD.encode(r#"{"version":3,"sources":["webpack:///./src/token.js"],"names":["token"],"mappings":"AAAA1b2"}"#);
    let laravel = STANDARD
        .encode(r#"{"iv":"aB3dE5fG7hJ9","value":"Kx2yzCgYIARAAGAMSNwF","mac":"8f14e45fceea467a95752c3a1d1b7b0e","tag":""}"#);
    let rows: Vec<(String, &str)> = vec![
        (png.into(), "image"),
        (format!("data:image/png;base64,{png}"), "image"),
        (format!("<img src=\"data:image/png;base64,{png}\"/>"), ""),
        ("/9j/4AAQSkZJRgABAQEAYABgAAD/2wBDAAIBAQIBAQICAgICAgICAwUDAwMDAwYEBAMFBwYHBwcGBwcICQsJCAgKCAcHCg0KCgsMDAwMBwkODw0MDgsMDAz/".into(), "image"),
        ("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7".into(), "image"),
        ("JVBERi0xLjQKJcOkw7zDtsOfCjIgMCBvYmoKPDwvTGVuZ3RoIDMgMCBSL0ZpbHRlci9GbGF0ZURlY29kZT4+CnN0cmVhbQ==".into(), "PDF"),
        ("commit 5bb0bb3f7c07355e839aa63233329ff11f967c07\nAuthor: Alice <a@a.test>\n\n    Read tokens".into(), ""),
        ("5bb0bb3 Prove the readings\n3233329 Leave two causes\ne839aa6 Tell a refusal".into(), ""),
        ("trace id 4bf92f3577b34da6a3ce929d0e0e4736 of the token request".into(), ""),
        ("request 8f14e45f-ceea-467a-9575-2c3a1d1b7b0e failed".into(), ""),
        ("8f14e45f-ceea-467a-9575-2c3a1d1b7b0e\n8f14e45f-ceea-467a-9575-2c3a1d1b7b0f".into(), ""),
        ("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJx1x2x3x4x5x6x7x8x9x0y1y2y3y4y5y6y7y8y9y0z alice@host".into(), "SSH"),
        ("ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQC7x1x2x3x4x5x6x7x8x9x0".into(), "SSH"),
        (spki.into(), "key"),
        (format!("\"{spki}\""), "key"),
        ("-----BEGIN CERTIFICATE-----\nMIIBszCCAVmgAwIBAgIU\n-----END CERTIFICATE-----".into(), "a key"),
        ("-----BEGIN RSA PRIVATE KEY-----\nMIIBszCCAVmgAwIBAgIU\n-----END RSA PRIVATE KEY-----".into(), "private key"),
        ("-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmU=\n-----END OPENSSH PRIVATE KEY-----".into(), "private key"),
        ("{\"keys\":[{\"kty\":\"RSA\",\"kid\":\"1\",\"n\":\"sXch1b2\",\"e\":\"AQAB\"}]}".into(), "key"),
        ("{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4\",\"y\":\"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM\"}".into(), "key"),
        ("{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"a\",\"y\":\"b\",\"d\":\"870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE\"}".into(), "private key"),
        ("{\"issuer\":\"https://a.test\",\"authorization_endpoint\":\"https://a.test/auth\",\"token_endpoint\":\"https://a.test/token\",\"jwks_uri\":\"https://a.test/keys\"}".into(), "metadata"),
        ("function(e){var t=e.token=n.getToken(\"abc123def456\"),r=t.accessToken||o.refreshToken1;return r}".into(), ""),
        ("!function(){var e={accessToken:null,idToken:void 0,refreshToken:t.refreshToken2};e.token=a1(b2,c3)}();".into(), ""),
        ("token = getToken2(user)".into(), ""),
        ("token = request.headers[\"X-Token1\"]".into(), ""),
        ("const token = await getAccessTokenSilently();".into(), ""),
        ("token=process.env.TOKEN1".into(), ""),
        ("String token = jwtService.generateToken(user1);".into(), ""),
        ("access_token = response.json()[\"access_token\"]".into(), ""),
        ("const accessToken = config.oauth2.accessToken;".into(), ""),
        ("self.access_token = self.client2.fetch_token()".into(), ""),
        ("refresh_token=refreshToken1".into(), ""),
        ("token := r.Header.Get(\"X-Auth1\")".into(), ""),
        ("accessToken: z.string().min1()".into(), ""),
        ("type Query { access_token: String! }".into(), ""),
        ("public String AccessToken { get; set; }".into(), ""),
        ("if (token == null || token.isExpired2()) throw new TokenException(\"expired\");".into(), ""),
        ("let idToken: Option<IdToken2>".into(), ""),
        ("{\"access_token\":\"string\",\"refresh_token\":\"string\",\"expires_in\":0}".into(), ""),
        ("{\"access_token\":\"<token>\"}".into(), ""),
        ("Authorization: Bearer xxxxx.yyyyy.zzzzz".into(), ""),
        ("Authorization: Bearer eyJ...".into(), ""),
        ("Authorization: Bearer <JWT>".into(), ""),
        ("Authorization: Bearer ACCESS_TOKEN".into(), ""),
        ("Authorization: Bearer YOUR-TOKEN-HERE".into(), ""),
        ("Authorization: Bearer my-token".into(), ""),
        ("Authorization: Bearer #{token}".into(), ""),
        ("Authorization: Bearer :token".into(), ""),
        ("Authorization: Bearer [token]".into(), ""),
        ("Authorization: Bearer {token}".into(), ""),
        ("Authorization: Bearer".into(), ""),
        ("headers['Authorization'] = 'Bearer ' + accessToken1;".into(), ""),
        ("Authorization: `Bearer ${token1}`".into(), ""),
        ("http a.test Authorization:@token.txt".into(), ""),
        ("Authorization: Negotiate YIIJvwYGKwYBBQUCoIIJszCCCa8wDTALBgkqhkiG9xIBAgI".into(), ""),
        ("Authorization: AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20261120/us-east-1/s3/aws4_request, SignedHeaders=host;x-amz-date, Signature=fe5f80f77d5fa3beca038a248ff027d0445342fe2855ddc963176630326f1024".into(), ""),
        ("Authorization: Digest username=\"Mufasa1\", realm=\"a\", nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\"".into(), ""),
        ("Authorization: Basic YWxpY2U6aHVudGVyMg==".into(), "Basic"),
        (format!("//# sourceMappingURL=data:application/json;base64,{map}"), ""),
        (format!("Cookie: laravel_session={laravel}; XSRF-TOKEN={laravel}"), ""),
        ("session=eyJ1c2VyX2lkIjoxfQ.Zx1abc.aB3dE5fG7hJ9kL1mN3pQ5rS7tU9".into(), ""),
        ("https://a.test/cb?code=SplxlOBeZQQYbYS6WxSbIA&state=af0ifjsldkj".into(), "code"),
        ("https://a.test/cb?error=access_denied&error_description=The+user+denied".into(), ""),
        ("eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9".into(), "header"),
        ("{\"alg\":\"RS256\",\"typ\":\"JWT\",\"kid\":\"1\"}".into(), "header"),
        ("{\"iss\":\"https://a.test\",\"sub\":\"a\",\"aud\":\"b\",\"exp\":1796112000,\"iat\":1796111700}".into(), "claims"),
        ("{\"alg\":\"RS256\",\"typ\":\"JWT\"}\n{\"iss\":\"https://a.test\",\"sub\":\"a\",\"exp\":1796112000}".into(), "claims"),
        ("{\"error\":\"invalid_grant\",\"error_description\":\"Token is not active\"}".into(), "refus"),
        ("{\"active\":true,\"sub\":\"a\",\"scope\":\"openid\",\"client_id\":\"b1\"}".into(), ""),
        ("\"integrity\": \"sha512-MV7WNIbYcBZlGLzcnMNuKm2+aR2Xr1iGDTzQbJPDiiSYhjqyvcS2Jc1Bme1wRsoI3cEoEZ3vJ8Fo3Xp4dJfM9w==\"".into(), ""),
        ("<!DOCTYPE html><html><head><meta name=\"csrf-token\" content=\"aB3dE5fG7hJ9kL1mN3pQ5rS7\"></head></html>".into(), "page"),
        ("<html><body><h1>Sign in</h1><input name=\"password\"></body></html>".into(), "page"),
        ("otpauth://totp/a:alice?secret=JBSWY3DPEHPK3PXP&issuer=a".into(), ""),
        ("AKIAIOSFODNN7EXAMPLE".into(), ""),
        ("https://a.test/reset?id=1234567890abcdef".into(), ""),
        ("fe80::1ff:fe23:4567:890a".into(), ""),
        ("com.example.app.TokenService2Impl".into(), ""),
        ("docker.io/library/postgres:16.2-alpine3.19".into(), ""),
        ("DE89370400440532013000".into(), ""),
        ("/srv/alice/projects/claimscope2/target".into(), ""),
        ("alice@example2.org, bob@example3.org".into(), ""),
        ("Traceback (most recent call last):\n  File \"a.py\", line 1, in <module>\n    token = jwt.decode(access_token, key1)\njwt.exceptions.ExpiredSignatureError: Signature has expired".into(), ""),
        ("at com.example.TokenFilter.doFilter(TokenFilter.java:42)\nat io.netty.a1.B2c3(D4.java:1)".into(), ""),
        ("CREATE TABLE tokens (access_token VARCHAR2(4000), refresh_token VARCHAR2(4000));".into(), ""),
        ("SELECT access_token FROM t1 WHERE token = :token1".into(), ""),
        ("--token-file=/var/run/secrets/token1".into(), ""),
        ("token_file: /var/run/secrets/tokens/vault-token1".into(), ""),
        ("access_token_ttl=3600s&refresh_token_lifespan=86400".into(), ""),
        ("tokenUri: https://a.test/oauth2/token".into(), ""),
        ("access_token_url=https://a.test/token1".into(), ""),
        ("token: https://a.test/realms/a/protocol/openid-connect/token".into(), ""),
    ];
    let mut wrong = Vec::new();
    for (text, words) in &rows {
        match find_tokens(text) {
            Ok(pasting) => {
                let found: Vec<String> =
                    pasting.tokens.iter().map(|token| format!("{} {}", token.text.expose(), token.source)).collect();
                wrong.push(format!("{text}\n  found {found:?}"));
            }
            Err(reason) if !reason.contains(words) => wrong.push(format!("{text}\n  {reason}\n  lacks {words}")),
            Err(_) => {}
        }
    }
    assert!(wrong.is_empty(), "{} of {} rows\n{}", wrong.len(), rows.len(), wrong.join("\n"));
}
