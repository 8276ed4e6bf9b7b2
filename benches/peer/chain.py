"""The chain of independent tools: rcbsim, hplib, PySAM Utilityrate5, PySAM Cashloan."""

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from hplib import hplib
from PySAM import Cashloan, Utilityrate5
from rcbsim import emission_system, supply_system
from rcbsim.building_physics import Zone
from rcbsim.radiation import Location, Window

from question import (
    FLOOR_U_W_M2K,
    HEAT_PUMP,
    HOURS,
    LATITUDE,
    LIVING_KWH_PER_MONTH,
    LONGITUDE,
    MONTH_DAYS,
    OPEN_WINDOWS_C,
    PANEL,
    PANELS,
    PRODUCTS,
    RATE,
    RUN_IN_DAYS,
    SEASON_DAYS,
    SET_C,
    YEARS,
    ZONE_H,
    data,
)

Series = np.ndarray


@dataclass
class Stopwatch:
    """CPU seconds by step."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Adds what the block takes."""
        start = time.process_time()
        yield
        taken = time.process_time() - start
        self.seconds[name] = self.seconds.get(name, 0.0) + taken


@dataclass
class Place:
    """What all houses share: weather, sun, tariff, product figures."""

    air_c: Series
    sun_south_w_m2: Series
    sun_north_w_m2: Series
    hours: list[int]
    living_kwh: Series
    archetype: dict[str, Any]
    emitter: dict[str, Any]
    pump: hplib.HeatPump
    t_design_c: float


@dataclass
class Result:
    """One option of one house."""

    heat_kwh: float
    electricity_kwh: float
    bill_cny: float
    life_cycle_cny: float


def hours_of(days: list[int] | range) -> list[int]:
    """The hours of some days."""
    return [day * 24 + clock for day in days for clock in range(24)]


def sun_on_window(place: Location, azimuth: float) -> Series:
    """Irradiance behind an upright pane, by rcbsim."""
    pane = Window(azimuth_tilt=azimuth, glass_solar_transmittance=1.0)
    direct = place.weather_data["dirnorrad_Whm2"].to_numpy()
    diffuse = place.weather_data["difhorrad_Whm2"].to_numpy()
    through = np.zeros(HOURS)
    for hour in range(HOURS):
        sun = place.calc_sun_position(LATITUDE, LONGITUDE, 2001, hour - ZONE_H + 0.5)
        beam = direct[hour] if sun[0] > 0 else 0.0
        pane.calc_solar_gains(sun[0], sun[1], beam, diffuse[hour])
        through[hour] = pane.solar_gains
    return through


def make_place(weather: Path, capacity_kw: float, t_design_c: float) -> Place:
    """Reads the shared figures once."""
    location = Location(str(weather))
    settings = data("settings.toml")["living_electricity"][0]
    shape = np.array(settings["hourly_share"])
    days = np.repeat(LIVING_KWH_PER_MONTH / np.array(MONTH_DAYS), MONTH_DAYS)
    kinds = data("houses/archetypes.toml")["archetype"]
    machine = hplib.get_parameters("Generic", 1, -7, 38, round(capacity_kw * 1000))
    return Place(
        air_c=location.weather_data["drybulb_C"].to_numpy(),
        sun_south_w_m2=sun_on_window(location, 0.0),
        sun_north_w_m2=sun_on_window(location, 180.0),
        hours=hours_of(SEASON_DAYS),
        living_kwh=np.outer(days, shape).ravel(),
        archetype=next(kind for kind in kinds if kind["id"] == "brick_370"),
        emitter=data("products/emitters.toml")["emitter"]["floor"],
        pump=hplib.HeatPump(machine),
        t_design_c=t_design_c,
    )


def make_zone(place: Place, area: float) -> tuple[Zone, float, float]:
    """The house as docs/model/demand.md describes it, and its glass to south and north."""
    kind = place.archetype
    depth = min(kind["depth_m"], math.sqrt(area))
    length, height = area / depth, kind["height_m"]
    south, north = (kind[f"window_share_{side}"] * length * height for side in ("south", "north"))
    walls = 2 * (length + depth) * height - south - north
    partitions = max(round(length / 3.5) - 1, 0) * depth * height
    inner = 2 * area + 2 * (length + depth) * height + 2 * partitions
    opaque = kind["wall_u_w_per_m2_k"] * walls + (kind["roof_u_w_per_m2_k"] + FLOOR_U_W_M2K) * area
    zone = Zone(
        window_area=south + north,
        walls_area=walls + 2 * area,
        floor_area=area,
        room_vol=area * height,
        total_internal_area=inner,
        u_walls=opaque / (walls + 2 * area),
        u_windows=kind["window_u_w_per_m2_k"],
        ach_vent=0.0,
        ach_infl=kind["air_changes_per_h"],
        ventilation_efficiency=0.0,
        thermal_capacitance_per_floor_area=kind["heat_capacity_kj_per_m2_k"] * 1000 * inner / area,
        t_set_heating=SET_C,
        t_set_cooling=OPEN_WINDOWS_C,
        heating_supply_system=supply_system.DirectHeater,
        cooling_supply_system=supply_system.DirectCooler,
        heating_emission_system=emission_system.AirConditioning,
    )
    return zone, south, north


def steady_loss_w_k(zone: Zone) -> float:
    """What rcbsim's network passes from the air to the outside, the mass being in balance."""
    through_mass = 1 / (1 / zone.h_tr_ms + 1 / zone.h_tr_em)
    return zone.h_ve_adj + 1 / (1 / zone.h_tr_is + 1 / (zone.h_tr_w + through_mass))


def heat_of(place: Place, area: float) -> tuple[Series, float]:
    """Hourly heat of the season, kWh, and the design load, kW."""
    zone, south, north = make_zone(place, area)
    gains = place.archetype["internal_gains_w_per_m2"] * area
    sun = place.archetype["window_g"] * (
        south * place.sun_south_w_m2 + north * place.sun_north_w_m2
    )
    mass_c = SET_C
    for hour in hours_of(RUN_IN_DAYS):
        zone.solve_energy(gains, sun[hour], place.air_c[hour], mass_c)
        mass_c = zone.t_m_next
    heat = np.zeros(HOURS)
    for hour in place.hours:
        zone.solve_energy(gains, sun[hour], place.air_c[hour], mass_c)
        mass_c = zone.t_m_next
        heat[hour] = zone.heating_demand / 1000
    return heat, steady_loss_w_k(zone) * (SET_C - place.t_design_c) / 1000


def heat_pump_kwh(place: Place, heat: Series, design_kw: float) -> Series:
    """Hourly electricity of the machine; pump and stand-by as the product file states them."""
    curve = place.emitter
    load = np.clip(heat / design_kw, 0, 1)
    excess = curve["supply_design_c"] - SET_C
    supply = np.maximum(SET_C + excess * load ** (1 / curve["exponent"]), curve["supply_min_c"])
    season = np.array(place.hours)
    air = place.air_c[season]
    machine = place.pump
    run = machine.simulate(air, supply[season] - machine.delta_t, air, 1, heat[season] * 1000)
    product = PRODUCTS[HEAT_PUMP]["performance"][HEAT_PUMP]
    drawn = np.zeros(HOURS)
    aside = (product["pump_w"] * (heat[season] > 0) + product["standby_w"]) / 1000
    drawn[season] = heat[season] / run["COP"] + aside
    return drawn


def panel_kwh(place: Place, heat: Series) -> Series:
    """Hourly electricity of panels, by the figures of the product file."""
    product = PRODUCTS[PANEL]["performance"]["direct_electric"]
    drawn = np.zeros(HOURS)
    rated = 2.0 * PANELS
    standby = product["standby_w"] / 1000 * PANELS
    season = np.array(place.hours)
    drawn[season] = np.minimum(np.minimum(heat[season], rated) * (1 + product["overshoot"]), rated)
    drawn[season] += standby
    return drawn


def rates(years: int, night: float, day: float) -> Utilityrate5.Utilityrate5:
    """Utilityrate5 with the winter's valley hours; the rest of the year has one price."""
    winter = {0, 1, 2, 10, 11}
    hours = [[1 if m in winter and not 8 <= h < 20 else 2 for h in range(24)] for m in range(12)]
    tool = Utilityrate5.new()
    zero = dict.fromkeys(
        (
            "ur_metering_option",
            "ur_monthly_fixed_charge",
            "ur_monthly_min_charge",
            "ur_annual_min_charge",
            "ur_nm_yearend_sell_rate",
            "ur_dc_enable",
            "ur_en_ts_buy_rate",
            "ur_en_ts_sell_rate",
            "ur_enable_billing_demand",
        ),
        0,
    )
    tool.assign(
        {
            "Lifetime": {
                "analysis_period": years,
                "inflation_rate": 0,
                "system_use_lifetime_output": 0,
            },
            "ElectricityRates": zero
            | {
                "rate_escalation": [0],
                "ur_ec_sched_weekday": hours,
                "ur_ec_sched_weekend": hours,
                "ur_ec_tou_mat": [[1, 1, 1e38, 0, night, 0], [2, 1, 1e38, 0, day, 0]],
            },
            "SystemOutput": {"degradation": [0], "gen": [0.0] * HOURS},
            "Load": {"load": [0.0] * HOURS, "load_escalation": [0]},
        },
    )
    return tool


def cash_flow(bills: Utilityrate5.Utilityrate5) -> Cashloan.Cashloan:
    """Cashloan without taxes or loan, in real terms.

    It asks for bills of every year and shares the memory of the tool that makes them, so that tool
    must be kept. Its bills are nought: what heating costs goes into the running costs.
    """
    bills.execute()
    tool = Cashloan.from_existing(bills)
    zero = (
        "debt_fraction",
        "inflation_rate",
        "market",
        "mortgage",
        "insurance_rate",
        "property_tax_rate",
        "prop_tax_assessed_decline",
        "prop_tax_cost_assessed_percent",
        "salvage_percentage",
        "loan_rate",
    )
    tool.assign(
        {
            "FinancialParameters": dict.fromkeys(zero, 0)
            | {
                "analysis_period": YEARS,
                "federal_tax_rate": [0],
                "state_tax_rate": [0],
                "real_discount_rate": 100 * RATE,
                "system_capacity": 1,
                "loan_term": YEARS,
            },
            "SystemCosts": {
                "om_capacity": [0],
                "om_capacity_escal": 0,
                "om_production": [0],
                "om_production_escal": 0,
                "om_fixed_escal": 0,
            },
        },
    )
    return tool


@dataclass
class Money:
    """The bills and cash flows of the chain; the tools are made once."""

    bills: Utilityrate5.Utilityrate5
    no_bills: Utilityrate5.Utilityrate5
    flows: Cashloan.Cashloan
    day: float

    def bill(self, load: Series) -> float:
        """The bill of a year of hours."""
        self.bills.Load.load = load.tolist()
        self.bills.execute()
        return self.bills.Outputs.utility_bill_wo_sys_year1

    def life_cycle(self, first: float, yearly: list[float]) -> float:
        """Present value of what is paid."""
        self.flows.SystemCosts.total_installed_cost = first
        self.flows.SystemCosts.om_fixed = yearly
        self.flows.execute()
        return -self.flows.Outputs.npv


def make_money() -> Money:
    """The coal-to-electric plan of the place, its last version."""
    plan = data("places/beijing/tariffs.toml")["electricity"]["coal_to_electric"]["version"][-1]
    price = plan["windows"]["heating"]["price_cny_per_kwh"]
    no_bills = rates(YEARS, 0.0, 0.0)
    bills = rates(1, price["valley"], price["other"])
    return Money(bills, no_bills, cash_flow(no_bills), price["other"])


def price_of(item: dict[str, Any]) -> float:
    """The price by programme."""
    return item["programme"]["price_cny"]


def yearly_costs(bought: list[tuple[float, int, bool]], running: float) -> list[float]:
    """Running costs, purchases at the end of a life, and what is left at the end.

    A thing is (price, life in years, whether it is bought again).
    """
    costs = [running] * YEARS
    for price, life, again in bought:
        last = 0
        for year in range(life, YEARS, life) if again else ():
            costs[year - 1] += price
            last = year
        costs[-1] -= price * max(life - (YEARS - last), 0) / life
    return costs


def account(place: Place, money: Money, watch: Stopwatch, area: float) -> dict[str, Result]:
    """Both options of one house."""
    with watch.step("heat"):
        heat, design_kw = heat_of(place, area)
    with watch.step("heater"):
        drawn = {HEAT_PUMP: heat_pump_kwh(place, heat, design_kw), PANEL: panel_kwh(place, heat)}
    results = {}
    for option, kwh in drawn.items():
        with watch.step("bill"):
            # Without heating the home stays in the first tier, whose price is that of the day.
            cost = money.bill(place.living_kwh + kwh) - 12 * LIVING_KWH_PER_MONTH * money.day
        product = PRODUCTS[option]
        sizes = {size["id"]: price_of(size["item"][0]) for size in product["size"]}
        if option == HEAT_PUMP:
            coils = price_of(place.emitter["item"][0]) * area
            bought = [
                (sizes["heat_pump_water_5p"], product["life"]["years"], True),
                (coils, place.emitter["life"]["years"], True),
            ]
        else:
            bought = [(sizes["electric_panel_2"] * PANELS, product["life"]["years"], True)]
        with watch.step("twenty years"):
            running = cost + product["upkeep"]["cost_cny_per_year"]
            first = sum(price for price, _, _ in bought)
            worth = money.life_cycle(first, yearly_costs(bought, running))
        results[option] = Result(float(heat.sum()), float(kwh.sum()), cost, worth)
    return results
