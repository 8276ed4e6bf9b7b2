//! The edge where files come in: raw tables are read, checked once, and become domain types.

pub mod case;
pub mod figure;
pub mod guard;
pub mod problem;
pub mod quick;
pub mod record;
pub mod schema;
pub mod tariff;
