//! The edge where files come in: raw tables are read, checked once, and become domain types.

pub mod figure;
pub mod library;
pub mod library_check;
pub mod place;
pub mod price;
pub mod problem;
pub mod record;
pub mod region;
pub mod settings;
pub mod source;
