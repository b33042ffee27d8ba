#!/usr/bin/env python3
"""Makes scenarios/sites/london-2025.toml and scenarios/calendars/met-2025.csv from a deployment record.

usage: sites.py sites    RECORD.csv > london-2025.toml
       sites.py calendar RECORD.csv > met-2025.csv

RECORD.csv is a deployment record (`lamplight schema record`); the shipped one is scenarios/records/met-lfr-to-2025-09.csv.

Faces per hour. Within a site their log-sd is 0.30, between sites the log of their level varies by 0.425 about a median of
2,162 (record, threshold 0.64 since August 2024). A site's level is the posterior median of that normal-normal model.

Sought people. Past a van walk w of them an hour; true alerts in h hours are Poisson(0.65 w h), w is Gamma(2, 0.7) before the
record and Gamma(2 + alerts, 0.7 + 0.65 h) after it. `presence` is w / faces per hour over what a sketch street gives at
presence 1: 0.370 alerts per 1,000 faces, measured by simulation with the default parameters.

Hours that were not published are taken as 5.8, the median of those that were.
"""

import csv
import math
import os
import sys

SINCE, THRESHOLD = "2024-08-01", "0.64"
USUAL_HOURS = 5.8
MEDIAN, WITHIN, BETWEEN = 2162.0, 0.30, 0.425
SHAPE, RATE, SEEN = 2.0, 0.7, 0.65
ALERTS_PER_1000_AT_PRESENCE_1 = 0.370
HERE = os.path.dirname(os.path.abspath(__file__))


def rows_of(path):
    with open(path, newline="", encoding="utf-8") as file:
        return [r for r in csv.DictReader(file) if r["force"] == "Met"]


def places():
    with open(os.path.join(HERE, "london-places.csv"), newline="", encoding="utf-8") as file:
        return {r["site"]: r for r in csv.DictReader(file)}


def number(text, otherwise=0.0):
    return float(text) if text else otherwise


def posterior(rows):
    """Faces per hour with its log-sd, and presence with its log-sd, after these rows."""
    logs = [math.log(number(r["faces"]) / number(r["hours"], USUAL_HOURS)) for r in rows if r["faces"]]
    precision = 1 / BETWEEN**2 + len(logs) / WITHIN**2
    level = math.exp((math.log(MEDIAN) / BETWEEN**2 + sum(logs) / WITHIN**2) / precision)
    hours = sum(number(r["hours"], USUAL_HOURS) for r in rows)
    alerts = sum(number(r["true_alerts"], number(r["alerts"])) for r in rows)
    sought = (SHAPE + alerts) / (RATE + SEEN * hours)
    presence = 1000 * SEEN * sought / level / ALERTS_PER_1000_AT_PRESENCE_1
    return level, precision**-0.5, presence, (SHAPE + alerts) ** -0.5, int(alerts), hours


def sites(path):
    record = rows_of(path)
    known = places()
    wanted = {r["site"] for r in record if r["date"] >= "2025"} & set(known)
    fits = {}
    for site in wanted:
        own = [r for r in record if r["site"] == site and r["date"] >= SINCE and r["threshold"] == THRESHOLD]
        fits[site] = (own, posterior(own))
    busy = {site: math.sqrt(fit[0]) for site, (_, fit) in fits.items()}
    mean_busy = sum(busy.values()) / len(busy)
    boroughs = {r["site"]: r["borough"] for r in record if r["site"] in wanted}
    print('# Made by scenarios/tools/sites.py from scenarios/records/met-lfr-to-2025-09.csv; change the tool, not this file.')
    print("format = 1")
    print('title = "London: the sites of the deployment record of 2025"')
    print(
        'note = "Every street is a sketch, not surveyed, and every position approximate. Faces per hour and presence of sought '
        "people are posteriors from the record since August 2024, shrunk towards the mean site; recorded crime is assumed to grow "
        'with the square root of the faces, because what the force uses is not published."'
    )
    print("sources = [")
    print('  "Metropolitan Police, MPS LFR Deployments 2024 and 2025 (rows after 10 May 2025: third-party transcription without hours).",')
    print('  "Source: Office for National Statistics, Census 2021, licensed under the Open Government Licence v3.0.",')
    print('  "Hours of the day in the West End: Powered by TfL Open Data.",')
    print("]")
    print('residents = "london-census-2021"')
    for variant, site in enumerate(sorted(wanted, key=lambda s: known[s]["name"]), start=1):
        place, (own, fit) = known[site], fits[site]
        level, level_sd, presence, presence_sd, alerts, hours = fit
        west_end = place["kind"] == "west-end"
        print("\n[[site]]")
        print(f'name = "{place["name"]}"')
        print(f'title = "{site}"')
        print(f'borough = "{boroughs[site]}"')
        print(f'at = [{place["lon"]}, {place["lat"]}]')
        stations = 2 if west_end else 1
        profile = ', profile = "west-end"' if west_end else ""
        print(f"sketch = {{ spine_m = {600 if west_end else 450}, stations = {stations}, variant = {variant}{profile} }}")
        print(f"fixed = {10 if west_end else 8}")
        if west_end:
            print("resident_share = 0.2")
        print(f"faces_per_hour = {{ lognormal = [{level:.0f}, {level_sd:.3f}] }}")
        print(f"presence = {{ lognormal = [{presence:.3f}, {presence_sd:.3f}] }}")
        print(f"recorded_crime = {busy[site] / mean_busy:.3f}")
        faces = sum(int(number(r["faces"])) for r in own)
        plural = "s" if len(own) != 1 else ""
        print(f'note = "{len(own)} deployment{plural} since August 2024: {hours:.1f} h, {faces} faces, {alerts} true alerts"')


def calendar(path):
    known = places()
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["date", "site", "mount", "open", "hours", "watchlist", "threshold", "note", "source"])
    for row in rows_of(path):
        if not row["date"].startswith("2025"):
            continue
        if row["site"] not in known:
            sys.exit(f"{row['site']} is not in london-places.csv")
        note = "" if row["hours"] else "hours and watchlist not published"
        out.writerow(
            [row["date"], known[row["site"]]["name"], "van", "", row["hours"], row["watchlist"], row["threshold"], note, row["status"]]
        )


if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[1] not in ("sites", "calendar"):
        sys.exit(__doc__)
    {"sites": sites, "calendar": calendar}[sys.argv[1]](sys.argv[2])
