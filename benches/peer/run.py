"""Sets qingnuan beside a chain of independent tools: speed and results, in one run.

Both sides read the same weather file, the same houses and the same figures of this repository's
data folder. README.md says what each side leaves out.
"""

import argparse
import os
import platform
import random
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

import made_weather
from chain import (
    Money,
    Place,
    Stopwatch,
    account,
    heat_pump_kwh,
    make_money,
    make_place,
    panel_kwh,
)
from ours import (
    TWO_OPTIONS,
    batch,
    compare,
    options_of,
    write_case,
)
from question import (
    HEAT_PUMP,
    HOURS,
    INDEX_W_M2,
    PANEL,
    ROOT,
    SET_C,
    SHOWN_AREAS,
    WEATHER,
    YEARS,
)


def table(heads: list[str], rows: list[list[str]]) -> None:
    """Prints a Markdown table; all columns but the first are numbers."""
    print("| " + " | ".join(heads) + " |")
    print("| --- |" + " ---: |" * (len(heads) - 1))
    for row in rows:
        print("| " + " | ".join(row) + " |")
    print()


def percent(ours: float, theirs: float) -> str:
    """Difference from the peer."""
    share = ours / theirs - 1
    if abs(share) < 5e-9:
        return "0"
    return f"{100 * share:+.2f} %" if abs(share) > 5e-4 else f"{100 * share:+.4f} %"


def results_of_chain(program: Path, folder: Path, place: Place, money: Money) -> list[list[str]]:
    """Each side by its own models from the house to twenty years."""
    rows = []
    for area in SHOWN_AREAS:
        case = write_case(
            folder, "house", f'heated_area_m2 = {area}\nmethod = "simulated"', TWO_OPTIONS
        )
        told = compare(program, case)
        ours, theirs = options_of(told), account(place, money, Stopwatch(), area)
        pairs = [("heat, kWh", told["demand"]["standard"], theirs[HEAT_PUMP].heat_kwh)]
        for option, name in ((HEAT_PUMP, "heat pump"), (PANEL, "panels")):
            own, peer = ours[option], theirs[option]
            drawn = own["operation"]["electricity_kwh"]
            worth = own["headline"]["present_value"]
            pairs += [
                (f"{name}, kWh", drawn, peer.electricity_kwh),
                (f"{name}: winter's bill, CNY", own["annual"]["energy"], peer.bill_cny),
                (f"{name}: life-cycle cost, CNY", worth, peer.life_cycle_cny),
            ]
        rows += [
            [f"{area:.0f} m2, {name}", f"{a:,.2f}", f"{b:,.2f}", percent(a, b)]
            for name, a, b in pairs
        ]
    return rows


def yearly_of_ledger(option: dict[str, Any]) -> list[float]:
    """What the household pays from year 0 on, by the ledger."""
    paid = [0.0] * (YEARS + 1)
    for line in option["ledger"]["lines"]:
        if line["payer"] == "household":
            paid[line["year"]] += line["amount"]
    return paid


def results_of_steps(program: Path, folder: Path, place: Place, money: Money) -> list[list[str]]:
    """One step at a time on the same input: heat by the load index, which both compute alike."""
    rows = []
    for area in SHOWN_AREAS:
        index = f'heated_area_m2 = {area}\nmethod = "index"\nheat_load_w_per_m2 = {INDEX_W_M2}'
        told = compare(program, write_case(folder, "index", index, TWO_OPTIONS))
        ours = options_of(told)
        design_kw = INDEX_W_M2 * area / 1000
        heat = np.zeros(HOURS)
        span = SET_C - told["demand"]["t_design"]
        heat[place.hours] = design_kw * np.maximum(SET_C - place.air_c[place.hours], 0) / span
        drawn = panel_kwh(place, heat)
        plan = ours[PANEL]["plans"][0]
        pairs = [
            ("the input: heat, kWh", told["demand"]["standard"], heat.sum()),
            ("the input: panels, kWh", ours[PANEL]["operation"]["electricity_kwh"], drawn.sum()),
            (
                "year's bill with panels, CNY",
                plan["with_heating"],
                money.bill(place.living_kwh + drawn),
            ),
            (
                "heat pump: heat / electricity",
                ours[HEAT_PUMP]["operation"]["performance"],
                heat.sum() / heat_pump_kwh(place, heat, design_kw).sum(),
            ),
        ]
        for option, name in ((HEAT_PUMP, "heat pump"), (PANEL, "panels")):
            first, *later = yearly_of_ledger(ours[option])
            worth = ours[option]["headline"]["present_value"]
            pairs.append(
                (f"{name}: same ledger, life-cycle cost", worth, money.life_cycle(first, later))
            )
        rows += [
            [f"{area:.0f} m2, {name}", f"{a:,.3f}", f"{b:,.3f}", percent(a, b)]
            for name, a, b in pairs
        ]
    return rows


def random_areas(count: int) -> list[float]:
    """Floor areas, no two alike in practice; the same in every run."""
    dice = random.Random(7)
    return [round(dice.uniform(60, 140), 2) for _ in range(count)]


def middle(values: list[float]) -> float:
    """The middle one of three."""
    return sorted(values)[len(values) // 2]


def timing(name: str, households: int, options: int, seconds: float, start: str = "") -> list[str]:
    """A row of the table of speeds."""
    return [
        name,
        f"{households:,}",
        f"{options / households:.1f}",
        f"{seconds:.3f}",
        start,
        f"{households / seconds:,.1f}",
        f"{options / seconds:,.1f}",
    ]


def time_ours(program: Path, name: str, case: Path, areas: list[float]) -> list[str]:
    """A roster by qingnuan: the middle one of three runs, and what two rows cost."""
    runs = [batch(program, case, areas) for _ in range(3)]
    start = middle([batch(program, case, areas[:2])[0] for _ in range(3)])
    options = sum(row["possible"] == "1" for row in runs[0][1])
    seconds = middle([run[0] for run in runs])
    return timing(f"qingnuan batch, {name}", len(areas), options, seconds, f"{start:.3f}")


def timings(program: Path, folder: Path, place: Place, money: Money, count: int) -> None:
    """Both sides on the same roster, and qingnuan on a longer one to see past its start."""
    areas, watch = random_areas(count), Stopwatch()
    simulated = 'heated_area_m2 = 100\nmethod = "simulated"'
    two = write_case(folder, "two", simulated, TWO_OPTIONS)
    every = write_case(folder, "every", simulated, "")
    many = random_areas(10 * count)
    rows = [time_ours(program, "the same two options", two, areas)]
    for area in areas:
        account(place, money, watch, area)
    steps = watch.seconds
    whole = sum(steps.values())
    rows += [
        timing("chain, the same two options", count, 2 * count, whole),
        timing("chain without its heat step", count, 2 * count, whole - steps["heat"]),
        timing("its bills alone", count, 2 * count, steps["bill"]),
        time_ours(program, "the same two options", two, many),
        time_ours(program, "every option", every, areas),
        time_ours(program, "every option", every, many),
    ]
    heads = ["", "households", "options each", "CPU s", "of which start"]
    table([*heads, "households / CPU s", "options / CPU s"], rows)
    table(
        ["step of the chain", "ms a household", "share"],
        [
            [name, f"{1000 * s / count:.2f}", f"{100 * s / whole:.0f} %"]
            for name, s in steps.items()
        ],
    )


def machine() -> str:
    """The processor's name and number of cores."""
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    name = next(
        (line.split(":")[1].strip() for line in lines if line.startswith("model name")), "?"
    )
    return f"{name}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {platform.system()}"


def main() -> None:
    """Runs both sides and prints Markdown."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program", type=Path, nargs="?", default=ROOT / "target/release/qingnuan")
    parser.add_argument("--households", type=int, default=200)
    wishes = parser.parse_args()
    program = wishes.program.resolve()
    tools = ", ".join(
        f"{name} {version(name)}" for name in ("rcbsim", "hplib", "NREL-PySAM", "numpy")
    )
    print(f"{machine()}; Python {platform.python_version()}; {tools}\n")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made_weather.write(folder / WEATHER)
        case = write_case(folder, "first", "heated_area_m2 = 100", TWO_OPTIONS)
        told = compare(program, case)
        capacity = options_of(told)[HEAT_PUMP]["equipment"]["capacity"]
        place = make_place(folder / WEATHER, capacity, told["demand"]["t_design"])
        money = make_money()
        timings(program, folder, place, money, wishes.households)
        heads = ["same input", "qingnuan", "tool", "difference"]
        table(heads, results_of_steps(program, folder, place, money))
        heads = ["own models all the way", "qingnuan", "chain", "difference"]
        table(heads, results_of_chain(program, folder, place, money))


if __name__ == "__main__":
    main()
