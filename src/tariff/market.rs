//! The plans that are open to a household, and what heating costs under the cheapest.

use std::sync::Arc;

use crate::tariff::billing::{self, Bill, BillLine, Family, HeatingMeter, Scratch};
use crate::tariff::plan::{Freshness, HourClass, Metering, OpenTo, Plan, PlanSeries};
use crate::tariff::timetable::{Readings, Timetable};
use crate::words::calendar::{MONTH_DAYS, Winter};
use crate::words::fixed::{ExactYuan, Fixed, Money};
use crate::words::kinds::Name;
use crate::words::provenance::FigureRef;

/// The plans of one carrier at a place in one winter, with their timetable. Made once and shared
/// by every household and option.
#[derive(Debug, Clone)]
pub struct Market {
    plans: Vec<Plan>,
    timetable: Timetable,
    /// The cheapest hours of each plan.
    cheapest: Vec<Vec<bool>>,
}

/// A line of what heating costs: a line of the bill with heating, or, negative, one of the bill
/// that the house would have without it.
#[derive(Debug, Clone, PartialEq)]
pub struct CostLine {
    /// Plan of the line.
    pub plan: Arc<Name>,
    /// Calendar month, 1 to 12.
    pub month: u8,
    /// Key of the window.
    pub window: Arc<str>,
    /// Hour class, where the plan has more than one.
    pub hour_class: Option<HourClass>,
    /// Tier, 1 for the first, where the window has tiers.
    pub tier: Option<u8>,
    /// Units with heating less those without.
    pub quantity: Fixed,
    /// CNY per unit.
    pub price: Fixed,
    /// Quantity times price, rounded once.
    pub amount: Money,
    /// Provenance of the price.
    pub figure: FigureRef,
}

/// Another plan that the household could take.
#[derive(Debug, Clone, PartialEq)]
pub struct Alternative {
    /// Its id.
    pub id: Arc<str>,
    /// Its name.
    pub name: Arc<Name>,
    /// What heating would cost under it in a year.
    pub cost: Money,
    /// Whether its prices are those in force.
    pub freshness: Freshness,
}

/// What heating costs in a year.
#[derive(Debug, Clone, PartialEq)]
pub struct HeatingCost {
    /// The plan taken.
    pub plan: Arc<str>,
    /// Its name.
    pub name: Arc<Name>,
    /// Whether its prices are those in force.
    pub freshness: Freshness,
    /// The plan of the house without this heating.
    pub plan_without: Arc<str>,
    /// The year's bill with heating.
    pub with: Bill,
    /// The year's bill without.
    pub without: Bill,
    /// Their difference; the amounts sum to `total`.
    pub lines: Vec<CostLine>,
    /// What heating costs: `with` less `without`, to the fen.
    pub total: Money,
    /// Every plan that was open, the one taken included, in the order of the library.
    pub alternatives: Vec<Alternative>,
}

/// The year's bill of a house without its heating, in sums.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WithoutHeating {
    /// The kind of heating for which it was worked out; it only matters where no plan is open to
    /// houses without heating.
    pub kind: OpenTo,
    /// The household for which it was worked out.
    pub family: Family,
    plan: usize,
    total: Money,
    by_month: [Money; 12],
}

/// What heating costs, in sums.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeatingSums {
    /// Number of the plan taken.
    pub plan: usize,
    /// What heating costs in the year.
    pub total: Money,
    /// The same by month, January first.
    pub by_month: [Money; 12],
}

/// What the bills of one house are made from.
struct House<'a> {
    living: &'a Readings,
    heating: &'a Readings,
    both: Readings,
    family: &'a Family,
    /// The plan without heating, and its year's bill.
    base: usize,
    cost_without: Money,
}

impl Market {
    /// The plans of a place in a winter; the order decides between plans that cost the same.
    pub fn new<'a>(series: impl IntoIterator<Item = &'a PlanSeries>, winter: Winter) -> Self {
        let plans = series.into_iter().filter_map(|s| s.for_winter(winter));
        Self::of(plans.map(|(plan, _)| plan).collect())
    }

    /// Of plans already resolved.
    pub fn of(plans: Vec<Plan>) -> Self {
        Self {
            timetable: Timetable::new(&plans),
            cheapest: plans.iter().map(billing::cheap_hours).collect(),
            plans,
        }
    }

    /// The plans.
    pub fn plans(&self) -> &[Plan] {
        &self.plans
    }

    /// Units of each month on a meter, January first.
    pub fn by_month(&self, metered: &Readings) -> [Fixed; 12] {
        let mut by_month = [Fixed::ZERO; 12];
        let months = self.timetable.month_of_bucket();
        for (&month, &quantity) in months.iter().zip(&metered.quantity) {
            by_month[usize::from(month)] += quantity;
        }
        by_month
    }

    /// Units of each month in the valley hours of plan number `plan`, January first.
    pub fn in_valley(&self, plan: usize, metered: &Readings) -> [Fixed; 12] {
        let layout = self.timetable.layouts.get(plan);
        layout.map_or([Fixed::ZERO; 12], |it| {
            billing::of_class(it, metered, HourClass::Valley)
        })
    }

    /// Sums hours into the buckets of these plans: see [`Timetable::read`].
    pub fn read(&self, hours: &[usize], units: &[f64]) -> Readings {
        self.timetable.read(hours, units)
    }

    /// The timetable.
    pub fn timetable(&self) -> &Timetable {
        &self.timetable
    }

    /// The bill of plan number `plan` on what its meter shows.
    pub fn bill(&self, plan: usize, metered: &Readings, family: &Family) -> Bill {
        billing::bill(&self.timetable, plan, metered, family)
    }

    /// The numbers of the plans that a household may take: with a heating of kind `heating`
    /// (`Everyone` for a house without).
    pub fn open(&self, heating: OpenTo, meter: HeatingMeter) -> impl Iterator<Item = usize> {
        self.plans.iter().enumerate().filter_map(move |(i, plan)| {
            let who = match plan.open_to {
                OpenTo::Everyone => true,
                OpenTo::Closed => false,
                other => other == heating,
            };
            let fits = match plan.metering {
                Metering::Joint => true,
                Metering::Separate => meter != HeatingMeter::Shared,
                Metering::Baseline => meter != HeatingMeter::Own,
            };
            let heats = plan.metering == Metering::Joint || heating != OpenTo::Everyone;
            (who && fits && heats).then_some(i)
        })
    }

    /// The hours (8,760) in which a store is best charged: the cheapest hours of the plan open to
    /// this heating that has the lowest price on 15 January; of equals one with hour classes, then
    /// the first. Nothing where no plan is open, so that no hour is cheaper than another.
    pub fn charge_hours(&self, heating: OpenTo, meter: HeatingMeter) -> Option<&[bool]> {
        let key = |i: usize| {
            let (version, window) = self.plans[i].window(14);
            let rates = version.windows.get(window).map_or(&[][..], |w| &w.rates);
            let lowest = rates.iter().filter_map(|r| r.prices.first()).min();
            (lowest.copied(), rates.len() == 1)
        };
        let best = self.open(heating, meter).min_by_key(|&i| key(i))?;
        self.cheapest.get(best).map(Vec::as_slice)
    }

    /// What heating costs: the year's bill under the cheapest plan open to the household with this
    /// heating, less the year's bill under the cheapest plan open to it without.
    ///
    /// `living` is what the rest of the house draws and `heating` what the heating draws, both
    /// read with this market's timetable. Without heating energy nothing changes and the cost is
    /// nothing. Where no plan is open to a house without heating (a gas market that knows only the
    /// heating price) its units have the cheapest price of the houses with it. Gives nothing where
    /// no plan is open at all.
    pub fn heating_cost(
        &self,
        kind: OpenTo,
        living: &Readings,
        heating: &Readings,
        family: &Family,
    ) -> Option<HeatingCost> {
        self.heating_cost_under(kind, living, heating, family, None)
    }

    /// The same where the household has fixed its plan, by id.
    pub fn heating_cost_under(
        &self,
        kind: OpenTo,
        living: &Readings,
        heating: &Readings,
        family: &Family,
        wanted: Option<&str>,
    ) -> Option<HeatingCost> {
        let mut scratch = Scratch::default();
        let mut cheapest = |heating| {
            let open = self.open(heating, family.meter);
            let scratch = &mut scratch;
            open.map(|i| (self.total(i, living, family, scratch), i))
                .min()
        };
        let (cost_without, base) = cheapest(OpenTo::Everyone).or_else(|| cheapest(kind))?;
        let without = self.bill(base, living, family);
        if heating.total() == Fixed::ZERO {
            return Some(self.nothing(base, without));
        }
        let house = House {
            living,
            heating,
            both: living.plus(heating),
            family,
            base,
            cost_without,
        };
        let fits = |i: &usize| wanted.is_none_or(|id| *self.plans[*i].id == *id);
        let open = self.open(kind, family.meter).filter(fits);
        let costs = open.map(|i| (self.cost_with(&house, i, &mut scratch), i));
        let costs: Vec<(Money, usize)> = costs.collect();
        // The first of equals, in the order of the library.
        let &(_, taken) = costs.iter().min()?;
        let (with, lines) = self.shown(&house, taken, &without);
        let plan = &self.plans[taken];
        Some(HeatingCost {
            plan: Arc::clone(&plan.id),
            name: Arc::clone(&plan.name),
            freshness: plan.freshness,
            plan_without: Arc::clone(&self.plans[base].id),
            total: with.total - without.total,
            with,
            without,
            lines,
            alternatives: costs
                .iter()
                .map(|&(with, i)| self.alternative(i, with - cost_without))
                .collect(),
        })
    }

    /// The bill without heating under the cheapest plan, in sums; nothing where no plan is open.
    pub fn without_heating(
        &self,
        kind: OpenTo,
        living: &Readings,
        family: &Family,
    ) -> Option<WithoutHeating> {
        let mut scratch = Scratch::default();
        let mut cheapest = |heating| {
            let open = self.open(heating, family.meter);
            let scratch = &mut scratch;
            open.map(|i| (self.total(i, living, family, scratch), i))
                .min()
        };
        let (total, plan) = cheapest(OpenTo::Everyone).or_else(|| cheapest(kind))?;
        Some(WithoutHeating {
            kind,
            family: *family,
            plan,
            total,
            by_month: self.months(plan, living, family, &mut scratch),
        })
    }

    /// [`Self::heating_cost_under`] without its lines: the same plan and the same sums to the fen,
    /// with the bill without heating worked out once for all heatings of the house.
    pub fn heating_sums(
        &self,
        without: &WithoutHeating,
        living: &Readings,
        heating: &Readings,
        wanted: Option<&str>,
    ) -> Option<HeatingSums> {
        if heating.total() == Fixed::ZERO {
            return Some(HeatingSums {
                plan: without.plan,
                total: Money::ZERO,
                by_month: [Money::ZERO; 12],
            });
        }
        let family = &without.family;
        let house = House {
            living,
            heating,
            both: living.plus(heating),
            family,
            base: without.plan,
            cost_without: without.total,
        };
        let fits = |i: &usize| wanted.is_none_or(|id| *self.plans[*i].id == *id);
        let open = self.open(without.kind, family.meter).filter(fits);
        let mut scratch = Scratch::default();
        let costs = open.map(|i| {
            let months = self.months_with(&house, i, &without.by_month, &mut scratch);
            (months.iter().sum::<Money>(), i, months)
        });
        // The first of equals, in the order of the library.
        let (with, plan, mut by_month) = costs.min_by_key(|&(cost, i, _)| (cost, i))?;
        for (month, base) in by_month.iter_mut().zip(without.by_month) {
            *month -= base;
        }
        Some(HeatingSums {
            plan,
            total: with - without.total,
            by_month,
        })
    }

    /// The rounded sums of the months of one plan.
    fn months(
        &self,
        plan: usize,
        metered: &Readings,
        family: &Family,
        scratch: &mut Scratch,
    ) -> [Money; 12] {
        let layout = self.timetable.layouts.get(plan);
        layout.map_or([Money::ZERO; 12], |l| {
            billing::by_month(l, metered, family, scratch)
        })
    }

    /// The months of the house with heating under plan `i`.
    fn months_with(
        &self,
        house: &House<'_>,
        i: usize,
        without: &[Money; 12],
        scratch: &mut Scratch,
    ) -> [Money; 12] {
        let family = house.family;
        let (mut rest, more) = match self.plans[i].metering {
            Metering::Joint => return self.months(i, &house.both, family, scratch),
            Metering::Separate => (*without, self.months(i, house.heating, family, scratch)),
            Metering::Baseline => {
                let (rest, above) = self.above_base(i, &house.both);
                let rest = self.months(house.base, &rest, family, scratch);
                (rest, self.months(i, &above, family, scratch))
            }
        };
        for (month, more) in rest.iter_mut().zip(more) {
            *month += more;
        }
        rest
    }

    /// The rounded total of one plan.
    fn total(
        &self,
        plan: usize,
        metered: &Readings,
        family: &Family,
        scratch: &mut Scratch,
    ) -> Money {
        let layout = self.timetable.layouts.get(plan);
        layout.map_or(Money::ZERO, |l| billing::total(l, metered, family, scratch))
    }

    /// The rounded total of the house with heating under plan `i`.
    fn cost_with(&self, house: &House<'_>, i: usize, scratch: &mut Scratch) -> Money {
        match self.plans[i].metering {
            Metering::Joint => self.total(i, &house.both, house.family, scratch),
            Metering::Separate => {
                house.cost_without + self.total(i, house.heating, house.family, scratch)
            }
            Metering::Baseline => {
                let (rest, above) = self.above_base(i, &house.both);
                let rest = self.total(house.base, &rest, house.family, scratch);
                rest + self.total(i, &above, house.family, scratch)
            }
        }
    }

    /// The bill of the house with heating under the plan taken, and the lines of the difference.
    fn shown(&self, house: &House<'_>, taken: usize, without: &Bill) -> (Bill, Vec<CostLine>) {
        let meters = match self.plans[taken].metering {
            Metering::Joint => vec![(taken, house.both.clone())],
            Metering::Separate => {
                vec![
                    (house.base, house.living.clone()),
                    (taken, house.heating.clone()),
                ]
            }
            Metering::Baseline => {
                let (rest, above) = self.above_base(taken, &house.both);
                vec![(house.base, rest), (taken, above)]
            }
        };
        let mut with = Bill::default();
        let mut lines = Vec::with_capacity(96);
        for (i, metered) in &meters {
            let bill = self.bill(*i, metered, house.family);
            lines.extend(bill.lines.iter().map(|line| self.cost_line(*i, line)));
            with.extend(bill);
        }
        self.subtract(&mut lines, house.base, without, house.family);
        (with, lines)
    }

    fn alternative(&self, i: usize, cost: Money) -> Alternative {
        let plan = &self.plans[i];
        Alternative {
            id: Arc::clone(&plan.id),
            name: Arc::clone(&plan.name),
            cost,
            freshness: plan.freshness,
        }
    }

    /// The cost of a heating that draws nothing.
    fn nothing(&self, base: usize, without: Bill) -> HeatingCost {
        let plan = &self.plans[base];
        HeatingCost {
            plan: Arc::clone(&plan.id),
            name: Arc::clone(&plan.name),
            freshness: plan.freshness,
            plan_without: Arc::clone(&plan.id),
            with: without.clone(),
            without,
            lines: Vec::new(),
            total: Money::ZERO,
            alternatives: Vec::new(),
        }
    }

    /// Splits one meter into the base and what lies above it in the heating windows of plan `i`:
    /// the base of a month is the mean of August and September, by days where the window holds
    /// only a part of the month (山西发改 煤改电 rule for homes without a meter of their own).
    fn above_base(&self, i: usize, both: &Readings) -> (Readings, Readings) {
        let (mut rest, mut above) = (both.clone(), self.timetable.nothing());
        let Some(layout) = self.timetable.layouts.get(i) else {
            return (rest, above);
        };
        let months = self.timetable.month_of_bucket();
        let of_month = |m: u8| -> Fixed {
            let pairs = months.iter().zip(&both.quantity);
            pairs.filter(|(own, _)| **own == m).map(|(_, &q)| q).sum()
        };
        let base = (of_month(7) + of_month(8)).times(Fixed::from_millionths(500_000));
        for (s, segment) in layout.segments.iter().enumerate() {
            if !segment.window().is_some_and(|window| window.heating) {
                continue;
            }
            let cells = || layout.cell_of_bucket.iter().enumerate();
            let inside = |cell: u16| usize::from(layout.cells[usize::from(cell)].segment) == s;
            let buckets: Vec<usize> = cells()
                .filter(|(_, c)| inside(**c))
                .map(|(b, _)| b)
                .collect();
            let sum: Fixed = buckets.iter().map(|&b| both.quantity[b]).sum();
            let days = Fixed::whole(i64::from(segment.days));
            let month = Fixed::whole(MONTH_DAYS[usize::from(segment.month)] as i64);
            let heat = (sum - base.share(days, month)).max(Fixed::ZERO);
            let mut left = heat;
            for (n, &b) in buckets.iter().enumerate() {
                let last = n + 1 == buckets.len();
                let share = if last {
                    left
                } else {
                    both.quantity[b].share(heat, sum)
                };
                left -= share;
                above.quantity[b] = share;
                rest.quantity[b] -= share;
            }
        }
        (rest, above)
    }

    fn cost_line(&self, plan: usize, line: &BillLine) -> CostLine {
        CostLine {
            plan: Arc::clone(&self.plans[plan].name),
            month: line.month,
            window: Arc::clone(&line.window),
            hour_class: line.hour_class,
            tier: line.tier,
            quantity: line.quantity,
            price: line.price,
            amount: line.amount,
            figure: line.figure.clone(),
        }
    }

    /// Takes the bill without heating off the lines of the bill with it. Lines of the same price
    /// become one where quantity × price still gives the amount to the fen, and otherwise both
    /// stay, so that every line can be checked by hand and the sum is the difference of the bills.
    fn subtract(&self, lines: &mut Vec<CostLine>, base: usize, without: &Bill, family: &Family) {
        let name = &self.plans[base].name;
        for line in &without.lines {
            let same = lines.iter_mut().find(|own| {
                own.month == line.month
                    && own.tier == line.tier
                    && own.hour_class == line.hour_class
                    && own.price == line.price
                    && own.window == line.window
                    && Arc::ptr_eq(&own.plan, name)
                    && Arc::ptr_eq(&own.figure.0, &line.figure.0)
                    && own.quantity > Fixed::ZERO
            });
            let mut minus = self.cost_line(base, line);
            (minus.quantity, minus.amount) = (-line.quantity, -line.amount);
            if let Some(own) = same {
                let quantity = own.quantity + minus.quantity;
                let amount = own.amount + minus.amount;
                let product = ExactYuan::of(quantity, own.price).to_money(family.rounding);
                if product == amount {
                    (own.quantity, own.amount) = (quantity, amount);
                    continue;
                }
            }
            lines.push(minus);
        }
        lines.retain(|line| line.quantity != Fixed::ZERO);
        lines.sort_by(|a, b| {
            let key = |l: &CostLine| (l.month, l.hour_class, l.tier);
            key(a).cmp(&key(b)).then(b.quantity.cmp(&a.quantity))
        });
    }
}
