//! Accessibility rules by axe-core, the same copy the UI's own tests use, put into the real page.

use std::{fs, path::Path};

use serde_json::json;

use crate::{Result, webdriver::Session};

/// The rules.
pub struct Axe(String);

impl Axe {
    /// Reads the script.
    pub fn read(path: &Path) -> Result<Self> {
        fs::read_to_string(path).map(Self).map_err(|e| format!("{}: {e}", path.display()))
    }

    /// The rules the page breaks as it stands: which, how often and where first.
    pub fn violations(&self, page: &Session) -> Result<Vec<String>> {
        let is_there = page.script("return typeof window.axe === 'object'", json!([]))?;
        if is_there != json!(true) {
            page.script(&self.0, json!([]))?;
        }
        let run = "const done = arguments[arguments.length - 1];
            window.axe.run(document, { resultTypes: ['violations'] }).then(
              (r) => done(r.violations.map((v) => v.id + ': ' + v.help + ', ' + v.nodes.length + ' times, first at ' + v.nodes[0].target.join(' ')
                + ' (' + (v.nodes[0].any[0] || v.nodes[0].all[0] || v.nodes[0].none[0] || { message: '' }).message + ')')),
              (e) => done(['axe could not run: ' + e]));";
        let found = page.script_async(run, json!([]))?;
        Ok(found.as_array().into_iter().flatten().filter_map(|line| line.as_str().map(str::to_owned)).collect())
    }
}
