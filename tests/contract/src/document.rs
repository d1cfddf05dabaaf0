//! One OpenAPI 3.0 document: which operation an address is, and what may be sent and answered there.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use jsonschema::{Draft, Validator};
use serde_json::{Map, Value, json};

use crate::quirks::{Met, explaining};
use crate::{Report, Traffic};

const METHODS: [&str; 5] = ["get", "post", "put", "delete", "patch"];

/// An operation. Most are never asked for, so its validators are made when it is.
struct Operation {
    /// Segments of the path; a parameter is none.
    segments: Vec<Option<String>>,
    method: String,
    /// `POST /applications`.
    name: String,
    /// The path as the document writes it.
    path: String,
    rules: OnceLock<Rules>,
}

/// What may be sent and answered.
struct Rules {
    /// Query parameters: name, schema, required.
    query: Vec<(String, Validator, bool)>,
    /// Path parameters by position.
    path: Vec<(usize, Validator)>,
    /// By media type, and whether a body has to be there; none when the operation takes none.
    request: Option<(BTreeMap<String, Validator>, bool)>,
    /// By status, each by media type.
    answers: BTreeMap<String, BTreeMap<String, Validator>>,
}

/// See the module.
pub struct Document {
    whole: Value,
    components: Value,
    operations: Vec<Operation>,
}

impl Document {
    /// Reads a YAML document.
    ///
    /// # Panics
    /// When it is no OpenAPI 3.0 document.
    pub fn read(yaml: &str) -> Self {
        let whole: serde_norway::Value = serde_norway::from_str(yaml).expect("YAML");
        let whole = plain(whole);
        assert!(whole["openapi"].as_str().is_some_and(|version| version.starts_with("3.0")), "OpenAPI 3.0");
        let mut components = whole["components"].clone();
        strict(&mut components);
        let mut operations = Vec::new();
        for (path, item) in whole["paths"].as_object().expect("paths") {
            for method in METHODS.into_iter().filter(|method| item.get(method).is_some()) {
                let parts = path.trim_start_matches('/').split('/');
                operations.push(Operation {
                    segments: parts.map(|part| (!part.starts_with('{')).then(|| part.to_owned())).collect(),
                    method: method.to_owned(),
                    name: format!("{} {path}", method.to_uppercase()),
                    path: path.clone(),
                    rules: OnceLock::new(),
                });
            }
        }
        // A path without parameters is meant before one with them.
        operations.sort_by_key(|operation| operation.segments.iter().filter(|segment| segment.is_none()).count());
        Document { whole, components, operations }
    }

    /// How many operations it has.
    pub fn operations(&self) -> usize {
        self.operations.len()
    }

    pub(crate) fn check(&self, path: &str, traffic: &Traffic<'_>, report: &mut Report) {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
        let method = traffic.method.to_lowercase();
        let found = self.operations.iter().find(|operation| operation.method == method && operation.fits(&parts));
        let Some(operation) = found else {
            let name = format!("{} {path}", traffic.method);
            let mut noted = Noted { report, operation: &name, status: traffic.status };
            return noted.violated(false, "", "operation", "the contract has no such operation");
        };
        let rules = operation.rules.get_or_init(|| self.rules(operation));
        report.operations.insert(operation.name.clone());
        let mut noted = Noted { report, operation: &operation.name, status: traffic.status };
        // What the server itself refused does not have to be a good request.
        if traffic.status < 400 {
            rules.check_request(&parts, query, traffic, &mut noted);
            noted.report.requests += 1;
        }
        rules.check_answer(traffic, &mut noted);
        noted.report.answers += 1;
    }

    fn rules(&self, of: &Operation) -> Rules {
        let item = &self.whole["paths"][&of.path];
        let operation = &item[&of.method];
        let names: Vec<&str> = of.path.trim_start_matches('/').split('/').collect();
        let mut query = Vec::new();
        let mut in_path = Vec::new();
        let own = [operation, item].into_iter().filter_map(|holder| holder.get("parameters")?.as_array()).flatten();
        for parameter in own.map(|parameter| self.resolved(parameter)) {
            let name = parameter["name"].as_str().expect("a parameter has a name");
            let validator = self.validator(&parameter["schema"]);
            match parameter["in"].as_str() {
                Some("query") => query.push((name.to_owned(), validator, parameter["required"] == json!(true))),
                Some("path") => {
                    let at = names.iter().position(|part| *part == format!("{{{name}}}"));
                    in_path.extend(at.map(|at| (at, validator)));
                }
                _ => {}
            }
        }
        let request = operation.get("requestBody").map(|body| {
            let body = self.resolved(body);
            (self.content(body), body["required"] == json!(true))
        });
        let answers = operation["responses"].as_object().expect("responses");
        let answers = answers.iter().map(|(status, answer)| (status.clone(), self.content(self.resolved(answer))));
        Rules { query, path: in_path, request, answers: answers.collect() }
    }

    fn content(&self, holder: &Value) -> BTreeMap<String, Validator> {
        let types = holder.get("content").and_then(Value::as_object);
        let validators = types.into_iter().flatten().map(|(kind, media)| (kind.clone(), self.validator(&media["schema"])));
        validators.collect()
    }

    fn resolved<'v>(&'v self, value: &'v Value) -> &'v Value {
        match value.get("$ref").and_then(Value::as_str) {
            Some(place) => self.whole.pointer(place.trim_start_matches('#')).expect("the reference leads somewhere"),
            None => value,
        }
    }

    fn validator(&self, schema: &Value) -> Validator {
        let mut schema = if schema.is_null() { json!({}) } else { schema.clone() };
        strict(&mut schema);
        // Schemas refer to each other by their place in the document, so that place has to be there.
        let whole = json!({"allOf": [schema], "components": self.components});
        jsonschema::options().with_draft(Draft::Draft4).build(&whole).expect("a schema")
    }
}

/// Where violations go, once the quirks have been asked.
struct Noted<'a> {
    report: &'a mut Report,
    operation: &'a str,
    status: u16,
}

impl Noted<'_> {
    fn violated(&mut self, in_request: bool, place: &str, what: &str, words: &str) {
        let met = Met { operation: self.operation, in_request, status: self.status, place, what };
        match explaining(&met) {
            Some(quirk) => *self.report.quirks.entry(quirk.id).or_default() += 1,
            None => {
                let side = if in_request { "request" } else { "answer" };
                self.report.violations.push(format!("{} {} {side}{place}: {words}", self.operation, self.status));
            }
        }
    }

    fn body(&mut self, in_request: bool, validator: &Validator, body: &str) {
        match serde_json::from_str::<Value>(body) {
            Err(error) => self.violated(in_request, "", "json", &format!("no JSON: {error}")),
            Ok(value) => {
                for error in validator.iter_errors(&value) {
                    let (place, words) = (error.instance_path().to_string(), error.to_string());
                    self.violated(in_request, &place, &words, &words);
                }
            }
        }
    }
}

impl Operation {
    fn fits(&self, parts: &[&str]) -> bool {
        let same = |(segment, part): (&Option<String>, &&str)| segment.as_ref().is_none_or(|name| name == part);
        self.segments.len() == parts.len() && self.segments.iter().zip(parts).all(same)
    }
}

impl Rules {
    fn check_request(&self, parts: &[&str], query: &str, traffic: &Traffic<'_>, noted: &mut Noted<'_>) {
        for (at, validator) in &self.path {
            if let Some(part) = parts.get(*at).filter(|part| !validator.is_valid(&json!(part))) {
                noted.violated(true, "", "path", &format!("{part} does not fit the path"));
            }
        }
        let sent: Vec<(String, String)> = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        for (name, value) in &sent {
            let Some((_, validator, _)) = self.query.iter().find(|(known, _, _)| known == name) else {
                noted.violated(true, "", "query", &format!("the query parameter {name} is not in the contract"));
                continue;
            };
            // A number is text in an address.
            let typed: Value = serde_json::from_str(value).ok().filter(Value::is_number).unwrap_or_else(|| json!(value));
            if !validator.is_valid(&typed) && !validator.is_valid(&json!(value)) {
                noted.violated(true, "", "query", &format!("{name}={value} does not fit its schema"));
            }
        }
        for (name, _, _) in
            self.query.iter().filter(|(name, _, required)| *required && !sent.iter().any(|(sent, _)| sent == name))
        {
            noted.violated(true, "", "query", &format!("the query parameter {name} is missing"));
        }
        match &self.request {
            None if traffic.request.is_empty() => {}
            None => noted.violated(true, "", "body", "this operation takes no body"),
            Some((_, false)) if traffic.request.is_empty() => {}
            Some((types, _)) => match types.get(media_type(traffic.request_type)) {
                Some(validator) => noted.body(true, validator, traffic.request),
                None => noted.violated(true, "", "media type", &format!("{:?} is not taken", traffic.request_type)),
            },
        }
    }

    fn check_answer(&self, traffic: &Traffic<'_>, noted: &mut Noted<'_>) {
        let Some(types) = self.answers.get(&traffic.status.to_string()) else {
            let listed: Vec<&String> = self.answers.keys().collect();
            return noted.violated(false, "", "status", &format!("the status is none of {listed:?}"));
        };
        match (types.is_empty(), traffic.answer.is_empty()) {
            (true, true) => {}
            (true, false) => noted.violated(false, "", "body", "the contract has no body for this status"),
            (false, _) => match types.get(media_type(traffic.answer_type)) {
                Some(validator) => noted.body(false, validator, traffic.answer),
                None => noted.violated(false, "", "media type", &format!("{:?} is not listed", traffic.answer_type)),
            },
        }
    }
}

fn media_type(header: &str) -> &str {
    header.split(';').next().unwrap_or_default().trim()
}

/// Makes JSON Schema of OpenAPI's dialect: `nullable` becomes a type, and an object that lists its members has no others,
/// because the server refuses what it does not know and a client must not count on what is not promised.
fn strict(schema: &mut Value) {
    match schema {
        Value::Object(map) => {
            map.values_mut().for_each(strict);
            let lists = map.get("properties").and_then(Value::as_object).is_some_and(|members| !members.is_empty());
            let is_schema = map.get("type").is_none_or(Value::is_string);
            if lists && is_schema && !map.contains_key("additionalProperties") {
                map.insert("additionalProperties".to_owned(), json!(false));
            }
            if map.get("nullable") == Some(&json!(true))
                && let Some(kind) = map.get("type").cloned()
            {
                map.insert("type".to_owned(), json!([kind, "null"]));
            }
            // These say something else in OpenAPI, or nothing a validator has to look at.
            map.remove("example");
            map.remove("discriminator");
        }
        Value::Array(list) => list.iter_mut().for_each(strict),
        _ => {}
    }
}

/// YAML to JSON; status codes are numbers there, and names here.
fn plain(value: serde_norway::Value) -> Value {
    use serde_norway::Value as Yaml;
    match value {
        Yaml::Null => Value::Null,
        Yaml::Bool(flag) => json!(flag),
        Yaml::Number(number) => {
            number.as_i64().map(|whole| json!(whole)).or_else(|| number.as_f64().map(|real| json!(real))).unwrap_or_default()
        }
        Yaml::String(text) => json!(text),
        Yaml::Sequence(list) => Value::Array(list.into_iter().map(plain).collect()),
        Yaml::Mapping(map) => {
            let name = |key: Yaml| match key {
                Yaml::String(text) => text,
                other => plain(other).to_string(),
            };
            Value::Object(map.into_iter().map(|(key, value)| (name(key), plain(value))).collect::<Map<_, _>>())
        }
        Yaml::Tagged(tagged) => plain(tagged.value),
    }
}
