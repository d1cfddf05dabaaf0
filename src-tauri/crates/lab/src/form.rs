//! Parameters as an ordered list of pairs.
//!
//! OAuth forbids most repeated parameters and allows a few (RFC 6749 section 3.2, RFC 8693 section 2.1), so a map would
//! lose exactly what has to be judged.

/// Form or query parameters in the order sent.
#[derive(Clone, Default)]
pub(crate) struct Form(Vec<(String, String)>);

impl Form {
    /// The parameters of a query string; none is an empty one.
    pub fn of_query(query: Option<String>) -> Self {
        Form::parse(query.unwrap_or_default().as_bytes())
    }

    pub fn parse(text: &[u8]) -> Self {
        Form(url::form_urlencoded::parse(text).into_owned().collect())
    }

    /// The members of a JSON object, for a token endpoint that takes both forms.
    pub fn from_json(text: &[u8]) -> Option<Self> {
        let object: serde_json::Map<String, serde_json::Value> = serde_json::from_slice(text).ok()?;
        let pairs = object.into_iter().filter_map(|(name, value)| Some((name, value.as_str()?.to_owned())));
        Some(Form(pairs.collect()))
    }

    pub fn first(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Like [`Form::first`], but an empty value counts as absent, as it does for most OAuth parameters.
    pub fn filled(&self, name: &str) -> Option<&str> {
        self.first(name).filter(|value| !value.is_empty())
    }

    pub fn pairs(&self) -> &[(String, String)] {
        &self.0
    }

    pub fn all(&self, name: &str) -> Vec<String> {
        self.0.iter().filter(|(key, _)| key == name).map(|(_, value)| value.clone()).collect()
    }

    /// Whether any parameter outside `allowed` stands more than once.
    pub fn repeats(&self, allowed: &[&str]) -> bool {
        self.0
            .iter()
            .enumerate()
            .any(|(at, (key, _))| !allowed.contains(&key.as_str()) && self.0[..at].iter().any(|(earlier, _)| earlier == key))
    }
}

/// The words of a space-separated value such as `scope` (RFC 6749 section 3.3).
pub(crate) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(' ').filter(|word| !word.is_empty())
}
