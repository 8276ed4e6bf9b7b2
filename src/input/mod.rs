//! The edge where files come in: raw tables are read, checked once, and become domain types.

pub mod epw;
pub mod figure;
pub mod house;
pub mod problem;
pub mod record;
pub mod station;
