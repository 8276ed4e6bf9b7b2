//! The edge where results leave: words of the user's language, tables, problems.

pub mod account;
pub mod chart;
pub mod confidence;
pub mod coverage;
pub mod explain;
pub mod handout;
pub mod html;
mod markup;
pub mod messages;
pub mod png;
pub mod problems;
pub mod roster;
pub mod scenario;
pub mod table;
pub mod words;
pub mod workbook;
