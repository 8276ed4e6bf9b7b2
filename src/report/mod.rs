//! The edge where results leave: words of the user's language, tables, problems.

pub mod messages;
pub mod problems;
pub mod table;
