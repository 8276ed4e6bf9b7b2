//! The edge where files come in: raw tables are read, checked once, and become domain types.

pub mod figure;
pub mod fuel;
pub mod problem;
pub mod product;
pub mod record;
