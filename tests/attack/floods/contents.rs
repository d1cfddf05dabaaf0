//! What a server or a file may hold that is deep, long or many.

/// A text and its name.
pub struct Content {
    pub name: &'static str,
    pub text: String,
    pub kind: &'static str,
}

const JSON: &str = "application/json";

fn nested(open: &str, inner: &str, close: &str, depth: usize) -> String {
    format!("{}{inner}{}", open.repeat(depth), close.repeat(depth))
}

/// Bodies of about the size given, in bytes; none of them is an answer anything of ours asked for.
pub fn all(size: usize) -> Vec<Content> {
    let content = |name, kind, text| Content { name, text, kind };
    let members = |count: usize| (0..count).map(|at| format!("\"m{at}\":{at}")).collect::<Vec<_>>().join(",");
    vec![
        content("open brackets", JSON, "[".repeat(size)),
        content("closed brackets", JSON, nested("[", "", "]", size / 2)),
        content("objects in objects", JSON, nested("{\"a\":", "1", "}", size / 6)),
        content("objects that never end", JSON, "{\"a\":".repeat(size / 5)),
        content("brackets and braces", JSON, nested("[{\"a\":", "1", "}]", size / 8)),
        content("ten thousand brackets in a member", JSON, format!("{{\"error\":{}}}", nested("[", "", "]", size / 2))),
        content("JSON in JSON texts", JSON, (0..12).fold("1".to_owned(), |inner, _| serde_json::Value::from(inner).to_string())),
        content("numbers without end", JSON, format!("[{}1]", "1,".repeat(size / 2))),
        content("empty lists", JSON, format!("[{}[]]", "[],".repeat(size / 3))),
        content("members", JSON, format!("{{{}}}", members(size / 14))),
        content("one member again and again", JSON, format!("{{{}\"a\":1}}", "\"a\":1,".repeat(size / 6))),
        content("one long text", JSON, format!("{{\"a\":\"{}\"}}", "x".repeat(size))),
        content("one long name", JSON, format!("{{\"{}\":1.50}}", "x".repeat(size))),
        content("one long line", "text/plain", "x".repeat(size)),
        content("short lines", "text/plain", "x\n".repeat(size / 2)),
        content("tags that never close", "text/html", "<div a=\"b\" ".repeat(size / 11)),
        content("elements in elements", "application/xml", nested("<a>", "", "</a>", size / 7)),
        content("pairs of a form", "application/x-www-form-urlencoded", "a=b&".repeat(size / 4)),
    ]
}
