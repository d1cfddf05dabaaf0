//! Faults that are written as XML or HTML: a gateway answers in XML where a caller asked for it.
//!
//! What comes may be cut off, and a page may be no good XML: it is read as a stream, as far as it goes, with a bound on its
//! length. Nothing is built of it and a document type is passed over, so there are no entities to expand but the five of XML.

use quick_xml::{Reader, escape::resolve_xml_entity, events::Event};

/// Longest text that is read, in bytes.
const LONGEST: usize = 256 * 1024;

/// The text of the first element of that name, in whatever namespace, up to the next tag.
pub(crate) fn element(body: &str, name: &str) -> Option<String> {
    let mut reader = Reader::from_str(token::bounded::up_to(body, LONGEST));
    // A page of HTML closes its elements as it likes.
    let settings = reader.config_mut();
    (settings.check_end_names, settings.allow_unmatched_ends, settings.allow_dangling_amp) = (false, true, true);
    loop {
        match reader.read_event().ok()? {
            Event::Start(start) if start.local_name().into_inner() == name => break,
            Event::Eof => return None,
            _ => {}
        }
    }
    let mut said = String::new();
    loop {
        match reader.read_event() {
            Ok(Event::Text(part)) => said.push_str(&part.xml10_content()),
            Ok(Event::CData(part)) => said.push_str(&part.xml10_content()),
            Ok(Event::GeneralRef(reference)) => {
                let name = reference.xml10_content();
                match (reference.resolve_char_ref(), resolve_xml_entity(&name)) {
                    (Ok(Some(letter)), _) => said.push(letter),
                    (_, Some(letter)) => said.push_str(letter),
                    // One that a page defines for itself stays as it is written.
                    _ => said.extend(["&", &name, ";"]),
                }
            }
            Ok(Event::Comment(_) | Event::PI(_)) => {}
            // Cut off within the text: nobody knows what else it says.
            Ok(Event::Eof) => return None,
            // The next tag, whole or cut off.
            _ => return Some(said.trim().to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::element;

    #[test]
    fn the_first_element_of_the_name_is_read_as_far_as_the_text_goes() {
        for (body, said) in [
            ("<am:fault xmlns:am=\"u\"><am:code> 900908 </am:code></am:fault>", Some("900908")),
            ("<fault><code type=\"x\">900908</code></fault>", Some("900908")),
            ("<?xml version=\"1.0\"?><!-- <code>1</code> --><f><code>900908</code", Some("900908")),
            ("<!DOCTYPE html><p>no<br><code>900908<b>x</b>", Some("900908")),
            ("<f><code>a &amp; b &#60; <![CDATA[<c>]]></code></f>", Some("a & b < <c>")),
            // An entity of one's own is not looked up.
            ("<!DOCTYPE f [<!ENTITY a \"aaaa\">]><f><code>&a;</code></f>", Some("&a;")),
            ("<f><zipcode>900908</zipcode></f>", None),
            ("<f><code>9009", None),
            ("<f><code/></f>", None),
            ("900908", None),
            ("a < b & c", None),
            ("", None),
        ] {
            assert_eq!(element(body, "code").as_deref(), said, "{body}");
        }
    }

    #[test]
    fn what_stands_beyond_the_bound_is_not_read() {
        let body = format!("<f>{}<code>900908</code></f>", " ".repeat(super::LONGEST));
        assert_eq!(element(&body, "code"), None);
    }
}
