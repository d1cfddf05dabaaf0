//! WSO2 API Manager.

pub(crate) mod refusals;
