//! Everything the inspector shows of one token.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{
    rows::{ClaimGroup, ClaimRow},
    shelf_line::TokenView,
    verification::SignatureView,
};
use crate::finding::Finding;

/// Everything the inspector shows of one token.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Inspection {
    /// The shelf line.
    pub token: TokenView,
    /// Claims by group.
    pub groups: Vec<ClaimGroup>,
    /// JOSE header parameters in their order.
    pub header: Vec<ClaimRow>,
    /// How many rows of both are left out.
    #[serde(default)]
    pub left_out: usize,
    /// Everything remarkable, worst first.
    pub findings: Vec<Finding>,
    /// Every signature on its own; empty when there is only one.
    pub signatures: Vec<SignatureView>,
    /// Claims as JSON, laid out in lines; member order, repeated members and numbers exactly as they were written.
    pub json: String,
    /// Lines of `json` in all, when only its beginning is here; else 0.
    #[serde(default)]
    pub json_lines: usize,
    /// Payload that is text and no set of claims.
    pub content: Option<String>,
    /// Lines of `content` in all, when only its beginning is here; else 0.
    #[serde(default)]
    pub content_lines: usize,
    /// Header as JSON, as exact as `json`.
    pub header_json: String,
    /// Lines of `header_json` in all, when only its beginning is here; else 0.
    #[serde(default)]
    pub header_lines: usize,
    /// For opaque tokens: where the shown claims come from, e.g. `introspection at https://…`.
    pub claims_source: Option<String>,
}
