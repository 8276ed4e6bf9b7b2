//! The words of the account: quantities, money, dates, kinds, provenance and the ledger.
//!
//! Nothing here computes a step of the model; every other module may use these types.

pub mod calendar;
pub mod climate;
pub mod fixed;
pub mod kinds;
pub(crate) mod lanes;
pub mod ledger;
pub mod provenance;
pub mod quantity;
pub(crate) mod wide;
