//! The main job at the lab, every step of it, and what the record says afterwards.

mod acceptance;
mod audit;
mod certificates;
mod exchange;
mod failures;
mod gateway;
mod login;
mod portal;
mod truth;
