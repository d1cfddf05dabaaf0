//! Log files of Keycloak and WSO2 API Manager, read as records of one shape.
//!
//! A server's audit events are often only in its log: nobody may read the events API, or the realm saves none. The layouts differ
//! by server, version and settings, and a file mixes events with everything else a server says. Here each line becomes a
//! [`Record`] with the columns the window shows (type, realm, client, user, session, address, error) and every further value in
//! the order of the line; what is no event is a record too, so that nothing of a file gets lost.
//!
//! Reading is streamed ([`Reader`]): chunks in, records out, no line longer than a bound, so a file of any size can be read.

mod access;
mod blocks;
mod carbon;
mod colour;
mod contents;
mod export;
mod head;
mod json;
mod keycloak;
mod layout;
mod learn;
mod line;
mod metrics;
mod pairs;
mod parts;
mod pieces;
mod query;
mod reader;
mod record;
mod shown;
mod stamps;
#[cfg(test)]
mod tests;
mod time;
mod view;
mod wrap;

pub use contents::{Contents, sniff};
pub use layout::Layout;
pub use line::parse;
pub use metrics::{MetricBar, MetricSeries, Metrics, read_metrics};
pub use pieces::LONGEST_LINE;
pub use query::{Field, Word, words};
pub use reader::{LONGEST_RECORD, Place, Reader, Sink, Tally, Unread, plain_text};
pub use record::{Columns, Level, LogKind, Pair, Record};
pub use shown::{as_event, row_text, safe_fields, safe_line};
pub use time::Time;
pub use view::{LogFacet, LogFile, LogLine, LogPage, LogPhase, LogQuery, LogRow, LogSource, LogState, PathChoice};
