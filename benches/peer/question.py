"""The question that both sides answer: place, season, house, options, money."""

import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
HOURS = 8760
MONTH_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
WEATHER = "weather.epw"
STATION = "54511"
LATITUDE, LONGITUDE, ELEVATION, ZONE_H = 39.8, 116.47, 31.3, 8
PLACE = "怀柔"
SEASON_DAYS = [*range(304, 365), *range(90)]  # 1 November to 31 March
RUN_IN_DAYS = range(290, 304)
SET_C, OPEN_WINDOWS_C = 18.0, 28.0
LIVING_KWH_PER_MONTH = 150.0
YEARS, RATE = 20, 0.05
FLOOR_U_W_M2K = 0.4
INDEX_W_M2 = 80.0
PANELS = 8
HEAT_PUMP, PANEL = "heat_pump_water", "electric_panel"
SHOWN_AREAS = (60.0, 100.0, 140.0)


def data(name: str) -> dict[str, Any]:
    """A table of the repository's data folder."""
    return tomllib.loads((ROOT / "data" / name).read_text(encoding="utf-8"))


PRODUCTS = {name: data(f"products/{name}.toml") for name in (HEAT_PUMP, PANEL)}
