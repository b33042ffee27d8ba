#!/usr/bin/env python3
"""Makes scenarios/boroughs/london-census-2021.csv from a table of Census 2021 counts.

usage: boroughs.py CENSUS.csv > london-census-2021.csv

CENSUS.csv has a row for each borough and for London, with the columns name, area_type, population_ts021 and, for each of the
five broad ethnic groups, white_n, asian_n, black_n, mixed_n, other_n (Office for National Statistics, table TS021).
Source: Office for National Statistics, Census 2021, licensed under the Open Government Licence v3.0.
"""

import csv
import sys

GROUPS = ["white", "asian", "black", "mixed", "other"]


def main(path):
    with open(path, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["borough", "region", "residents"] + [f"ethnicity: {g.capitalize()}" for g in GROUPS])
    regions = [r for r in rows if r["name"].startswith("London (") or r["name"] == "Cardiff"]
    boroughs = [r for r in rows if r["area_type"] == "london_borough"]
    for row in regions + sorted(boroughs, key=lambda r: r["name"]):
        name = row["name"].split(" (")[0]
        region = name if row in regions else "London"
        counts = [int(row[g + "_n"]) for g in GROUPS]
        shares = [f"{n / sum(counts):.5f}" for n in counts]
        out.writerow([name, region, row["population_ts021"]] + shares)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
