//! Money borrowed and paid back in equal steps.

use crate::lifecycle::factors::crf;
use crate::words::fixed::Money;

/// How a loan is paid back, at the end of each period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repayment {
    /// The same payment each period (等额本息); at rate 0 these are plain instalments.
    LevelPayment,
    /// The same principal each period and interest on what is left (等额本金).
    EqualPrincipal,
}

/// A loan or a purchase in instalments.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Loan {
    /// What is borrowed.
    pub principal: Money,
    /// Interest of one period, a fraction: a yearly rate for yearly payments, a twelfth of it for
    /// monthly ones.
    pub rate_per_period: f64,
    /// Number of payments.
    pub periods: u16,
    /// How it is paid back.
    pub repayment: Repayment,
}

/// One payment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LoanLine<T> {
    /// 1 for the first.
    pub period: u16,
    /// Paid in all.
    pub payment: T,
    /// Of that, interest.
    pub interest: T,
    /// Of that, paid off.
    pub principal: T,
    /// Still owed afterwards.
    pub balance: T,
}

impl Loan {
    /// The schedule before rounding, yuan.
    pub fn exact_schedule(&self) -> Vec<LoanLine<f64>> {
        let borrowed = self.principal.to_f64();
        let level = borrowed * crf(self.rate_per_period, self.periods);
        let step = borrowed / f64::from(self.periods);
        let mut owed = borrowed;
        (1..=self.periods)
            .map(|period| {
                let interest = owed * self.rate_per_period;
                let principal = match self.repayment {
                    Repayment::LevelPayment => level - interest,
                    Repayment::EqualPrincipal => step,
                };
                owed -= principal;
                LoanLine {
                    period,
                    payment: interest + principal,
                    interest,
                    principal,
                    balance: owed,
                }
            })
            .collect()
    }

    /// The schedule as it is paid: interest on what is really owed and payments in whole fen, the
    /// last payment clearing the debt to the fen.
    pub fn schedule(&self) -> Vec<LoanLine<Money>> {
        let exact = self.exact_schedule();
        let mut owed = self.principal;
        exact
            .iter()
            .map(|line| {
                let interest = Money::from_f64(owed.to_f64() * self.rate_per_period);
                let principal = if line.period == self.periods {
                    owed
                } else {
                    match self.repayment {
                        Repayment::LevelPayment => Money::from_f64(line.payment) - interest,
                        Repayment::EqualPrincipal => Money::from_f64(line.principal),
                    }
                };
                owed -= principal;
                LoanLine {
                    period: line.period,
                    payment: interest + principal,
                    interest,
                    principal,
                    balance: owed,
                }
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn loan(repayment: Repayment, rate: f64, periods: u16, fen: i64) -> Loan {
        Loan {
            principal: Money::from_fen(fen),
            rate_per_period: rate,
            periods,
            repayment,
        }
    }

    #[test]
    fn interest_free_instalments_share_the_price() {
        // 1,000.00 in three: 333.33 + 333.33 + 333.34
        let lines = loan(Repayment::LevelPayment, 0.0, 3, 100_000).schedule();
        let fen: Vec<Money> = lines.iter().map(|line| line.payment).collect();
        assert_eq!(fen, [33_333, 33_333, 33_334].map(Money::from_fen));
    }

    #[test]
    fn equal_principal_pays_less_interest_each_time() {
        // 1,200 in four at 1 %: interest 12, 9, 6, 3
        let lines = loan(Repayment::EqualPrincipal, 0.01, 4, 120_000).schedule();
        let interest: Vec<Money> = lines.iter().map(|line| line.interest).collect();
        assert_eq!(interest, [1_200, 900, 600, 300].map(Money::from_fen));
    }

    #[test]
    fn no_periods_no_lines() {
        assert!(
            loan(Repayment::LevelPayment, 0.05, 0, 1)
                .schedule()
                .is_empty()
        );
    }

    proptest! {
        #[test]
        fn what_is_borrowed_is_paid_back(
            fen in 1_i64..10_000_000, rate in 0.0_f64..0.05, periods in 1_u16..120, level in any::<bool>(),
        ) {
            let repayment = if level { Repayment::LevelPayment } else { Repayment::EqualPrincipal };
            let lines = loan(repayment, rate, periods, fen).schedule();
            let paid: Money = lines.iter().map(|line| line.principal).sum();
            prop_assert_eq!(paid, Money::from_fen(fen));
            prop_assert_eq!(lines[lines.len() - 1].balance, Money::ZERO);
        }
    }
}
