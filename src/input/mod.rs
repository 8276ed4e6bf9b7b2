//! The edge where files come in: raw tables are read, checked once, and become domain types.

pub mod case;
pub mod figure;
pub mod guard;
pub mod library;
pub mod place;
pub mod price;
pub mod problem;
pub mod quick;
pub mod fuel;
pub mod problem;
pub mod product;
pub mod record;
pub mod tariff;
pub mod schema;
pub mod station;
pub mod subsidy;
pub mod region;
pub mod settings;
pub mod source;
