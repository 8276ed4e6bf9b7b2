//! One household, every option, one ledger: calls the steps in their order and adds up lines.
//!
//! Nothing here reads a file or words a sentence.

pub mod account;
pub mod cash;
pub mod compare;
pub mod confidence;
pub mod emissions;
pub mod energy;
pub mod grants;
pub mod heat;
pub mod household;
pub mod install;
pub mod journal;
pub mod later;
pub mod meters;
pub mod money;
pub mod options;
pub mod outcome;
pub mod profile;
pub mod run;
pub mod setting;
pub mod summary;
pub mod tally;

pub use compare::compare;
pub use household::Household;
pub use outcome::{Account, Comparison, OptionResult};
pub use setting::Setting;
pub use summary::{Bench, Summary};
