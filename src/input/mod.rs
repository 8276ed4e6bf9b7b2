//! The edge where files come in: raw tables are read, checked once, and become domain types.

pub mod case;
pub mod epw;
pub mod figure;
pub mod fuel;
pub mod guard;
pub mod house;
pub mod household;
pub mod inventory;
pub mod library;
pub mod library_check;
pub mod option;
pub mod place;
pub mod price;
pub mod problem;
pub mod product;
pub mod pv;
pub mod quick;
pub mod record;
pub mod region;
pub mod schema;
pub mod setting;
pub mod settings;
pub mod source;
pub mod station;
pub mod subsidy;
pub mod tariff;
