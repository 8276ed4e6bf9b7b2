//! The edge where results leave: words of the user's language, tables, problems.

pub mod account;
pub mod chart;
pub mod confidence;
pub mod coverage;
pub mod explain;
pub mod handout;
pub mod messages;
pub mod problems;
pub mod roster;
pub mod table;
pub mod words;
