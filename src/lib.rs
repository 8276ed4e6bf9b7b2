//! The careful account (算细账) of clean heating for households in northern China.
//!
//! Read the modules in this order: [`words`] names the quantities; the steps ([`weather`],
//! [`demand`], [`technology`], [`tariff`], [`subsidy`], [`lifecycle`]) each compute one thing and
//! do not know one another; [`comparison`] calls them and writes the ledger; [`input`],
//! [`report`] and [`cli`] are the edges; [`questions`] asks what many accounts say together. `docs/architecture.md` is the map.

pub mod words;

pub mod demand;
pub mod lifecycle;
pub mod subsidy;
pub mod tariff;
pub mod technology;
pub mod weather;

pub mod comparison;

pub mod questions;

pub mod cli;
pub mod input;
pub mod report;
