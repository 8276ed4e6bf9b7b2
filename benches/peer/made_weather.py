"""A year of weather, made up from the monthly means of a station, as an EPW file."""

import csv
import math
from pathlib import Path

import numpy as np

from question import ELEVATION, HOURS, LATITUDE, LONGITUDE, MONTH_DAYS, ROOT, STATION, ZONE_H


def monthly(column: str) -> list[float]:
    """Twelve values of the station."""
    with (ROOT / "data/stations/monthly.csv").open(encoding="utf-8") as file:
        return [float(row[column]) for row in csv.DictReader(file) if row["station_id"] == STATION]


def sine_of_sun(day: int, hour: float) -> float:
    """Sine of the sun's height at a clock hour."""
    season = 2 * math.pi * (day - 80) / 365
    declination = math.radians(23.45) * math.sin(season)
    equation_h = (9.87 * math.sin(2 * season) - 7.53 * math.cos(season)) / 60
    solar = hour + LONGITUDE / 15 - ZONE_H + equation_h
    latitude = math.radians(LATITUDE)
    overhead = math.sin(latitude) * math.sin(declination)
    swing = math.cos(latitude) * math.cos(declination)
    return overhead + swing * math.cos(math.pi * (solar - 12) / 12)


def diffuse_share(clearness: float) -> float:
    """Erbs, Klein and Duffie 1982."""
    if clearness <= 0.22:
        return 1 - 0.09 * clearness
    k = clearness
    return 0.9511 - 0.1604 * k + 4.388 * k**2 - 16.638 * k**3 + 12.336 * k**4


def write(path: Path) -> None:
    """An EPW file with a year of smooth seasons, seven-day waves and clear-sky shapes."""
    means = {key: monthly(key) for key in ("t_mean_c", "tmax_mean_c", "tmin_mean_c", "sd_anom_c")}
    humidity, wind, clearness = monthly("rh_pct"), monthly("wind_ms"), monthly("kt")
    starts = np.cumsum((0, *MONTH_DAYS[:-1]))
    middles = starts + np.array(MONTH_DAYS) / 2
    lines = [
        f"LOCATION,Made up,-,CHN,-,{STATION},{LATITUDE},{LONGITUDE},{ZONE_H}.0,{ELEVATION}",
        "DESIGN CONDITIONS,0",
        "TYPICAL/EXTREME PERIODS,0",
        "GROUND TEMPERATURES,0",
        "HOLIDAYS/DAYLIGHT SAVINGS,No,0,0,0",
        "COMMENTS 1,made by benches/peer/run.py",
        "COMMENTS 2,",
        "DATA PERIODS,1,1,Data,Sunday,1/1,12/31",
    ]
    for hour in range(HOURS):
        day, clock = divmod(hour, 24)
        month = int(np.searchsorted(starts, day, side="right")) - 1
        mean = float(np.interp(day, middles, means["t_mean_c"], period=365))
        wave = 1.4 * means["sd_anom_c"][month] * math.sin(2 * math.pi * day / 7)
        span = (means["tmax_mean_c"][month] - means["tmin_mean_c"][month]) / 2
        air = mean + wave + span * math.cos(2 * math.pi * (clock - 14) / 24)
        height = sine_of_sun(day, clock + 0.5)
        level = clearness[month] if height > 0.03 else 0.0
        total = level * 1367 * max(height, 0.0)
        diffuse = total * diffuse_share(level)
        direct = (total - diffuse) / height if total > 0 else 0.0
        cells = ["0"] * 35
        cells[:6] = [
            "2001",
            str(month + 1),
            str(day - int(starts[month]) + 1),
            str(clock + 1),
            "60",
            "x",
        ]
        cells[6], cells[8], cells[9] = f"{air:.2f}", f"{humidity[month]:.0f}", "101325"
        cells[7] = f"{air - (100 - humidity[month]) / 5:.2f}"
        cells[13:16] = [f"{total:.1f}", f"{direct:.1f}", f"{diffuse:.1f}"]
        cells[21] = f"{wind[month]:.2f}"
        lines.append(",".join(cells))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
