"""The reference model `high-street-1`: its numbers, its closed forms, and the command line that every peer shares.

A 600 m high street with two cameras, one operator and two officer teams, for eight hours. Times are in seconds, lengths in metres.
A peer is a function `day(seed, spec) -> Day` that simulates one replication; everything else is here.
"""

import argparse
import json
import math
import resource
import sys
import time
from dataclasses import dataclass, field

STREET_M = 600.0
NODES_M = (0.0, 150.0, 300.0, 450.0, 600.0)
CAMERAS_M = (225.0, 525.0)
HOUR_S = 3600.0
HORIZON_S = 8 * HOUR_S
ARRIVALS_PER_HOUR = (1500, 2000, 2600, 3000, 3200, 3000, 2600, 2100)

GROUPS = ("G1", "G2", "G3", "G4", "G5")
MIX = (0.50, 0.20, 0.15, 0.10, 0.05)
SPEED_MEAN, SPEED_SD, SPEED_MIN, SPEED_MAX = 1.34, 0.26, 0.50, 2.20

CAPTURE = 0.85
THRESHOLD = 0.60
GENUINE_MEAN, GENUINE_SD = 0.72, 0.06
IMPOSTOR_SCALE = 0.02

REVIEW_MEAN_S, REVIEW_LOG_SD = 8.0, 0.6
CONFIRM_LISTED, CONFIRM_OTHER = 0.95, 0.40
ALERT_LIFE_S = 60.0
TEAMS = 2
ARREST_MEAN_S, STOP_MEAN_S, TEAM_LOG_SD = 1200.0, 300.0, 0.5

LISTED_BASE = 1 / 5000
TAIL_BASE = (1.0e-4, 2.0e-4, 4.0e-4, 1.5e-4, 2.5e-4)

# Mean a day and its standard error over this many replications of five implementations pooled.
LONG_RUN_REPLICATIONS = 84_400
LONG_RUN = {
    "base": {
        "faces": (33_998.16, 0.86),
        "true_alerts": (3.8843, 0.0068),
        "false_alerts": (6.0258, 0.0085),
        "lost_true": (0.0482, 0.0008),
        "lost_false": (0.0320, 0.0006),
        "arrests": (3.6443, 0.0064),
        "wrongful_stops": (2.3802, 0.0053),
        "operator_busy_s": (79.28, 0.10),
        "operator_wait_s": (0.1673, 0.0047),
        "team_busy_s": (5083.8, 8.9),
    },
    "busy": {
        "faces": (33_982.17, 0.86),
        "true_alerts": (38.860, 0.022),
        "false_alerts": (30.082, 0.019),
        "lost_true": (12.250, 0.015),
        "lost_false": (3.995, 0.007),
        "arrests": (24.669, 0.011),
        "wrongful_stops": (8.033, 0.010),
        "operator_busy_s": (551.4, 0.3),
        "operator_wait_s": (8.02, 0.03),
        "team_busy_s": (32_015.0, 13.0),
    },
}

COUNTS = (
    "pedestrians",
    "faces",
    "true_alerts",
    "false_alerts",
    "dismissed_true",
    "dismissed_false",
    "lost_true",
    "lost_false",
    "arrests",
    "wrongful_stops",
)
TIMES = ("operator_busy_s", "operator_wait_s", "team_busy_s")


@dataclass(frozen=True)
class Spec:
    """A variant at a scale: arrivals times `scale`, rates of alerts divided by it, so that the load on staff stays the same."""

    variant: str = "base"
    scale: float = 1.0

    @property
    def arrivals_per_hour(self):
        return tuple(a * self.scale for a in ARRIVALS_PER_HOUR)

    @property
    def listed(self):
        """Chance that a pedestrian is on the watchlist."""
        return LISTED_BASE * (10 if self.variant == "busy" else 1) / self.scale

    @property
    def tail(self):
        """Chance, by group, that a captured face of somebody not on the list scores at or over the threshold."""
        return tuple(f * (5 if self.variant == "busy" else 1) / self.scale for f in TAIL_BASE)


@dataclass
class Day:
    """What one replication counted, by group, and how long the staff were busy."""

    counts: dict = field(default_factory=lambda: {name: [0] * len(GROUPS) for name in COUNTS})
    passages: list = field(default_factory=lambda: [0] * len(NODES_M))
    operator_busy_s: float = 0.0
    operator_wait_s: float = 0.0
    team_busy_s: float = 0.0

    def total(self, name):
        return sum(self.counts[name]) if name in self.counts else getattr(self, name)


def log_mean(mean, log_sd):
    """The location of a lognormal with this mean."""
    return math.log(mean) - 0.5 * log_sd * log_sd


def expected(spec):
    """Closed forms of one day: means by group of counts that are exactly Poisson."""
    people = sum(spec.arrivals_per_hour)
    genuine = 0.5 * math.erfc(-(GENUINE_MEAN - THRESHOLD) / GENUINE_SD / math.sqrt(2))
    caught = 1 - (1 - CAPTURE * genuine) ** 2
    true = [people * m * spec.listed * caught for m in MIX]
    false = [people * m * (1 - spec.listed) * (1 - (1 - CAPTURE * f) ** 2) for m, f in zip(MIX, spec.tail)]
    return {
        "pedestrians": [people * m for m in MIX],
        "true_alerts": true,
        "false_alerts": false,
        "dismissed_true": [(1 - CONFIRM_LISTED) * a for a in true],
        "dismissed_false": [(1 - CONFIRM_OTHER) * a for a in false],
    }


def check(days, spec):
    """Lines of the comparison with closed forms and long-run values; the second result says whether all agree within four sigma."""
    n = len(days)
    lines, fine = [], True

    def line(name, values, target, target_se):
        """With no error of its own a target is the mean of an exactly Poisson count, which is also its variance."""
        nonlocal fine
        mean = math.fsum(values) / n
        spread = math.fsum((v - mean) ** 2 for v in values) / (n - 1)
        # Rare things may not happen at all in a few days: their long-run spread is then the better one.
        variance = max(spread, target_se**2 * LONG_RUN_REPLICATIONS) if target_se else target
        se = math.sqrt(variance / n + target_se**2)
        z = (mean - target) / se if se > 0 else math.inf
        fine &= abs(z) <= 4
        lines.append(f"{name:28} {mean:14.4f} expected {target:14.4f}  z {z:+6.2f}")

    for name, by_group in expected(spec).items():
        line(name, [d.total(name) for d in days], sum(by_group), 0.0)
        for g, target in enumerate(by_group):
            line(f"  {name} {GROUPS[g]}", [d.counts[name][g] for d in days], target, 0.0)
    for name, (target, se) in LONG_RUN[spec.variant].items():
        if name == "faces":
            # Only the captures that arrests prevent do not grow with the crowd.
            target += 2 * CAPTURE * sum(ARRIVALS_PER_HOUR) * (spec.scale - 1)
        if name in ("true_alerts", "false_alerts"):
            continue
        line(name, [d.total(name) for d in days], target, se)

    for d in days:
        for kind, outcome in (("true", "arrests"), ("false", "wrongful_stops")):
            for g in range(len(GROUPS)):
                parts = d.counts[f"dismissed_{kind}"][g] + d.counts[f"lost_{kind}"][g] + d.counts[outcome][g]
                fine &= d.counts[f"{kind}_alerts"][g] == parts
        fine &= d.total("faces") <= 2 * d.total("pedestrians")
        fine &= d.passages[0] + d.passages[-1] >= 2 * d.total("pedestrians") - d.total("arrests")
    lines.append("identities and z-scores hold" if fine else "DISAGREEMENT")
    return lines, fine


def main(peer, day):
    """Runs `day` as often as asked and prints one JSON object; with --check also compares it with what is known."""
    parser = argparse.ArgumentParser(description=f"The reference model high-street-1 in {peer}.")
    parser.add_argument("--variant", choices=("base", "busy"), default="base")
    parser.add_argument("--scale", type=float, default=1.0, help="how many times the crowd (the alerts stay the same)")
    parser.add_argument("--replications", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--check", action="store_true", help="compare with closed forms and long-run values (20 replications or more)")
    options = parser.parse_args()
    if options.replications < 1 or options.scale <= 0:
        parser.error("--replications must be at least 1 and --scale above 0")
    if options.check and options.replications < 20:
        parser.error("--check needs --replications 20 or more to know the spread")
    spec = Spec(options.variant, options.scale)

    before = time.process_time()
    days = [day((options.seed, r), spec) for r in range(options.replications)]
    cpu_s = time.process_time() - before

    names = COUNTS + TIMES
    report = {
        "peer": peer,
        "variant": spec.variant,
        "scale": spec.scale,
        "seed": options.seed,
        "replications": options.replications,
        "cpu_s": cpu_s,
        "pedestrians": sum(d.total("pedestrians") for d in days),
        "peak_rss_kib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
        "totals": {name: math.fsum(d.total(name) for d in days) for name in names},
        "by_group": {name: [sum(d.counts[name][g] for d in days) for g in range(len(GROUPS))] for name in COUNTS},
        "passages": [sum(d.passages[i] for d in days) for i in range(len(NODES_M))],
    }
    print(json.dumps(report))
    if options.check:
        lines, fine = check(days, spec)
        print("\n".join(lines), file=sys.stderr)
        sys.exit(0 if fine else 1)
