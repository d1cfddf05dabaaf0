//! The main job at the lab, where it needs the lab: its gateway, its clock, its memory, and what the record says afterwards.

mod audit;
mod exchange;
mod gateway;
mod login;
mod truth;
