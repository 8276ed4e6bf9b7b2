"""The same question put to qingnuan, by its command line."""

import csv
import json
import resource
import subprocess
from pathlib import Path
from typing import Any

from question import (
    FLOOR_U_W_M2K,
    HEAT_PUMP,
    LIVING_KWH_PER_MONTH,
    PANEL,
    PANELS,
    PLACE,
    RATE,
    SET_C,
    WEATHER,
    YEARS,
)


def write_case(folder: Path, name: str, house: str, options: str) -> Path:
    """A case file that says the same as the chain."""
    path = folder / f"{name}.toml"
    path.write_text(
        f"""place = "{PLACE}"
winter = "2026-27"
[house]
{house}
class = "brick_370"
floor_u_w_per_m2_k = {FLOOR_U_W_M2K}
[comfort]
set_c = {SET_C}
[today]
loose_coal_t = 4
[uses]
electricity_kwh_per_month = {LIVING_KWH_PER_MONTH}
[weather]
epw = "{folder / WEATHER}"
[season]
from = "11-01"
to = "03-31"
[money]
discount_rate = {RATE}
horizon_years = {YEARS}
[subsidy]
apply = false
[plan]
electricity = "coal_to_electric"
[options]
service = "standard"
{options}
""",
        encoding="utf-8",
    )
    return path


TWO_OPTIONS = f"""include = ["{HEAT_PUMP}", "{PANEL}"]
[options.fixed.{HEAT_PUMP}]
product = "heat_pump_water_5p"
count = 1
[options.fixed.{PANEL}]
product = "electric_panel_2"
count = {PANELS}
"""


def call(*command: str | Path) -> str:
    """What the program prints; stops with its complaint where it fails."""
    done = subprocess.run([*map(str, command)], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(done.stderr)
    return done.stdout


def compare(program: Path, case: Path) -> dict[str, Any]:
    """The account of one house."""
    return json.loads(call(program, "compare", case, "--format", "json"))


def options_of(account_: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The options by id."""
    return {it["possible"]["id"]: it["possible"] for it in account_["options"] if "possible" in it}


def cpu_of_children() -> float:
    """CPU seconds, user and system, of all finished child processes."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def batch(program: Path, case: Path, areas: list[float]) -> tuple[float, list[dict[str, str]]]:
    """CPU seconds of a roster in one thread, and its rows."""
    roster, out = case.parent / "roster.csv", case.parent / "out.csv"
    lines = [f"{i},{area},4" for i, area in enumerate(areas)]
    roster.write_text(
        "户主,采暖面积(平方米),用煤量(吨)\n" + "\n".join(lines) + "\n", encoding="utf-8"
    )
    aside = ("--lang", "en", "--rows", "all", "--threads", "1", "--force")
    before = cpu_of_children()
    call(program, "batch", roster, "--base", case, "-o", out, *aside)
    seconds = cpu_of_children() - before
    with out.open(encoding="utf-8-sig") as file:
        return seconds, list(csv.DictReader(file))
