//! The main job at the lab, where it needs the lab: its gateway, its clock, its memory, and what the record says afterwards.

mod acceptance;
mod audit;
mod bad_input;
mod certificates;
mod drift;
mod exchange;
mod failures;
mod gateway;
mod login;
mod portal;
mod repeat;
mod truth;
