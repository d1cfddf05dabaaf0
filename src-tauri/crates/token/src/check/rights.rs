//! Checks that decide whether a believed token is enough: a failure is answered with 403, an age with 401.

use serde_json::Value;

use super::{
    advice,
    expectations::RequiredClaim,
    pattern::Pattern,
    report::{Check, CheckOutcome},
    run::{Bench, Finding, asked, either, explained, outcome},
};
use crate::{claims, decimal::Decimal, words};

impl Bench<'_> {
    pub(super) fn user(&self) -> Check {
        let user = claims::user(self.claims);
        let finding = Finding {
            outcome: asked(self.wanted.needs_user, user.is_some()),
            title: if user.is_some() || !self.wanted.needs_user { "User" } else { "A user behind the token" }.into(),
            expected: "a user".into(),
            found: user.unwrap_or_else(|| {
                format!("the application {} alone", claims::client(self.claims).unwrap_or_else(|| "itself".into()))
            }),
        };
        let hint = Some("This is an application token. Sign a user in, or exchange a user's token for this API.".to_owned());
        explained(self.check("user", "user", "sub", "RFC 9068 2.2", finding), hint, Vec::new())
    }

    pub(super) fn scope(&self) -> Check {
        let found = claims::scopes(self.claims);
        let wanted = &self.wanted.scope;
        let missing: Vec<String> = wanted.iter().filter(|one| !found.contains(one)).cloned().collect();
        let finding = Finding {
            outcome: asked(!wanted.is_empty(), missing.is_empty()),
            title: if missing.is_empty() { "Scope".into() } else { format!("Scope {}", words::list(&missing)) },
            expected: words::list(wanted),
            found: if found.is_empty() { "no scope".into() } else { words::list(&found) },
        };
        let hint = advice::scope(&missing, &found);
        explained(self.check("scope", "scope", "scope", "RFC 6750 3.1", finding), hint, missing)
    }

    /// One check for the roles that must all be there; a second one where any of some is enough.
    pub(super) fn roles(&self) -> Vec<Check> {
        let mut checks = vec![self.role_set("roles", &self.wanted.roles_all, true)];
        if !self.wanted.roles_any.is_empty() {
            checks.push(self.role_set("roles-any", &self.wanted.roles_any, false));
        }
        checks
    }

    fn role_set(&self, id: &str, wanted: &[String], all: bool) -> Check {
        let path = self.roles_path();
        let everything = claims::roles(self.claims);
        let found: Vec<String> = match claims::at(self.claims, &path) {
            Some(value) if !self.wanted.roles_path.is_empty() => claims::words(value),
            _ if !self.wanted.roles_path.is_empty() => Vec::new(),
            _ => everything.iter().map(|(_, role)| role.clone()).collect(),
        };
        let absent: Vec<String> = wanted.iter().filter(|role| !found.contains(role)).cloned().collect();
        let holds = if all { absent.is_empty() } else { absent.len() < wanted.len() };
        let place = advice::place(&path);
        let title = match absent.as_slice() {
            _ if holds => "Roles".to_owned(),
            [one] => format!("Role {one} of {place}"),
            many if all => format!("Roles {} of {place}", words::list(many)),
            many => format!("One of the roles {} of {place}", words::list(many)),
        };
        let finding = Finding {
            outcome: asked(!wanted.is_empty(), holds),
            title,
            expected: if all { words::list(wanted) } else { either(wanted) },
            found: if found.is_empty() { "no roles".into() } else { words::list(&found) },
        };
        let hint = advice::roles(&absent, &path, &everything);
        explained(self.check(id, "roles", &path, "RFC 6750 3.1", finding), hint, absent)
    }

    /// Where the API reads roles; when it does not say, where this token has them for it.
    fn roles_path(&self) -> String {
        if !self.wanted.roles_path.is_empty() {
            return self.wanted.roles_path.clone();
        }
        let own = format!("resource_access.{}.roles", self.resource);
        let first = claims::roles(self.claims).first().map(|(path, _)| path.clone());
        if claims::at(self.claims, &own).is_some() { own } else { first.unwrap_or(own) }
    }

    pub(super) fn required_claims(&self) -> Vec<Check> {
        self.wanted.claims.iter().map(|required| self.required(required)).collect()
    }

    fn required(&self, required: &RequiredClaim) -> Check {
        let found = claims::at(self.claims, &required.path);
        let shown = found.map(|value| match value {
            Value::Number(number) => claims::spelled(number, &required.path, self.exact),
            value => claims::plain(value).unwrap_or_else(|| value.to_string()),
        });
        let pattern = Pattern::new(&required.pattern);
        // A number may be spelled in another way than the expectation spells it: 1.0 is 1.
        let number = found.is_some_and(Value::is_number);
        let same = |text: &str| required.value == text || number && Decimal::same(&required.value, text);
        let fits =
            |text: &str| (required.value.is_empty() || same(text)) && pattern.as_ref().is_ok_and(|pattern| pattern.fits(text));
        let any = required.value.is_empty() && required.pattern.is_empty();
        let holds = match found {
            None | Some(Value::Null) => false,
            Some(_) if any => true,
            Some(Value::Array(list)) => list.iter().filter_map(claims::plain).any(|member| fits(&member)),
            Some(_) => shown.as_deref().is_some_and(fits),
        };
        let expected = match (required.value.as_str(), required.pattern.as_str()) {
            ("", "") => "any value".to_owned(),
            (value, "") => value.to_owned(),
            ("", pattern) => format!("a value that fits {pattern}"),
            (value, pattern) => format!("{value}, which fits {pattern}"),
        };
        let finding = Finding {
            outcome: if pattern.is_ok() { outcome(holds) } else { CheckOutcome::Unknown },
            title: format!("Claim {}", required.path),
            expected,
            found: shown.unwrap_or_else(|| "absent".into()),
        };
        let missing = if found.is_none() {
            vec![if required.value.is_empty() { required.path.clone() } else { required.value.clone() }]
        } else {
            Vec::new()
        };
        let id = format!("claim:{}", required.path);
        let check = self.check(&id, &required.path, &required.path, "RFC 7519 4", finding);
        match pattern {
            Ok(_) => explained(check, advice::claim(&required.path, self.claims), missing),
            Err(reason) => Check { advice: Some(format!("{reason} Correct it in the expectations.")), ..check },
        }
    }

    pub(super) fn lifetime(&self) -> Check {
        let limit = self.wanted.max_lifetime_s;
        let span =
            claims::epoch(self.claims, "exp").zip(claims::epoch(self.claims, "iat")).map(|(exp, iat)| exp.saturating_sub(iat));
        let finding = self.span(limit, span, "Lifetime", "Lives too long", "no exp or no iat");
        self.check("lifetime", "lifetime", "exp", "RFC 9700 2.2", finding)
    }

    pub(super) fn age(&self) -> Check {
        let span = claims::epoch(self.claims, "iat").map(|iat| self.now_s.saturating_sub(iat).max(0));
        let limit = self.wanted.max_age_s;
        let finding = self.span(limit, span, "Age", "Too old", "no iat");
        Check { moment: claims::epoch(self.claims, "iat"), ..self.check("age", "age", "iat", "RFC 7519 4.1.6", finding) }
    }

    fn span(&self, limit: i64, span: Option<i64>, good: &str, bad: &str, absent: &str) -> Finding {
        let most = limit.saturating_add(self.wanted.clock_tolerance_s);
        let holds = span.is_some_and(|span| span <= most);
        Finding {
            outcome: asked(limit > 0, holds),
            title: if holds || limit <= 0 { good } else { bad }.into(),
            expected: if limit > 0 { format!("at most {}", words::duration(limit)) } else { "nothing".into() },
            found: span.map_or_else(|| absent.into(), words::duration),
        }
    }
}
