//! Subsidies: which rules pay a household's installation and its winters, how much, and who pays.
//!
//! Rules are data ([`rule`]). [`install_grants`] and [`running_grants`] evaluate a [`RuleSet`] for
//! one household with one option and give one [`Grant`] per rule that pays and one [`Refusal`] per
//! rule that does not. Money is exact to the fen; a grant never exceeds what it subsidises and its
//! payers sum to it. `docs/model/subsidy.md` states the order of application.

pub mod alike;
pub mod award;
mod eligible;
mod evaluate;
pub mod household;
mod install;
pub mod rule;
mod running;
pub mod set;

pub use alike::{Conversion, LikeWinters};
pub use award::{Award, Cap, Grant, OpenReading, Reason, Refusal};
pub use evaluate::{install_grants, running_grants};
pub use household::{Applicant, CarrierUse, Prior, Purchase, PurchasedItem, Variants, WinterUse};
pub use rule::{Parameter, Rule, mode_of};
pub use set::RuleSet;
