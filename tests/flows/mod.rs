//! Whole flows, from draft to journal, against servers that remember what they were sent.

mod exchanges;
mod faults;
mod independent;
mod keycloak;
mod lab;
mod leak;
mod live_wso2;
mod suite;
