"""Runs each peer and Lamplight alternately on the reference model and reports the ratio of CPU time per pedestrian.

CPU time and not wall time, measured inside each process around its replications; each peer run is followed at once by a Lamplight
run, so that a busy machine slows both; the median over pairs is reported with its range.
"""

import argparse
import importlib.metadata
import json
import math
import platform
import statistics
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PEERS = {"simpy": "high_street_simpy.py", "numpy": "high_street_numpy.py"}
# Pedestrians a run that take each program about a second.
PEDESTRIANS = {"simpy": 40_000, "numpy": 4_000_000, "lazy": 20_000_000, "events": 4_000_000}


def replications(program, scale):
    """How many days of 20,000 pedestrians times the scale make about a second."""
    return max(1, round(PEDESTRIANS[program] / (20_000 * scale)))


def run(command):
    """Runs a command and reads the JSON object it prints."""
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}\nfailed with exit code {done.returncode}:\n{done.stderr.strip()}")
    try:
        report = json.loads(done.stdout)
        report["cpu_us_per_pedestrian"] = 1e6 * report["cpu_s"] / report["pedestrians"]
    except (ValueError, KeyError, ZeroDivisionError) as e:
        sys.exit(f"{' '.join(map(str, command))}\nprinted no usable measurement ({e!r}):\n{done.stdout[:500]}")
    return report


def lamplight(options, variant, scale, schedule):
    scenario = f"scenarios/reference/high-street-1-{variant}.toml"
    n = replications(schedule, scale)
    return run([options.lamplight, "bench-reference", scenario, "--scale", f"{scale:g}", "--replications", str(n), "--schedule", schedule])


def peer(name, variant, scale, seed):
    n = replications(name, scale)
    arguments = ["--variant", variant, "--scale", f"{scale:g}", "--replications", str(n), "--seed", str(seed)]
    return run([sys.executable, str(HERE / PEERS[name]), *arguments])


def compare(options, name, variant, scale, schedule):
    """At least five alternating pairs of one peer and one schedule."""
    ours, theirs, ratios = [], [], []
    for pair in range(options.pairs):
        theirs.append(peer(name, variant, scale, options.seed + pair))
        ours.append(lamplight(options, variant, scale, schedule))
        ratios.append(theirs[-1]["cpu_us_per_pedestrian"] / ours[-1]["cpu_us_per_pedestrian"])
        print(f"{name} / lamplight {schedule}, {variant}, x{scale:g}, pair {pair + 1}: {ratios[-1]:.3g}", file=sys.stderr)
    median = lambda runs, key: statistics.median(r[key] for r in runs)
    return {
        "peer": name,
        "schedule": schedule,
        "variant": variant,
        "scale": scale,
        "pairs": options.pairs,
        "cpu_ratio": {"median": statistics.median(ratios), "low": min(ratios), "high": max(ratios), "all": ratios},
        "peer_us_per_pedestrian": median(theirs, "cpu_us_per_pedestrian"),
        "lamplight_us_per_pedestrian": median(ours, "cpu_us_per_pedestrian"),
        "peer_replications": theirs[0]["replications"],
        "lamplight_replications": ours[0]["replications"],
        "peer_peak_rss_kib": median(theirs, "peak_rss_kib"),
        "lamplight_peak_rss_kib": median(ours, "peak_rss_kib"),
    }


def processor():
    """The processor's name, where the system tells."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        return next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def significant(x, digits=3):
    """Three significant digits, with commas."""
    if x == 0:
        return "0"
    return f"{round(x, digits - 1 - math.floor(math.log10(abs(x)))):,.{max(0, digits - 1 - math.floor(math.log10(abs(x))))}f}"


def table(result):
    """The same as Markdown."""
    lines = [
        f"CPU time per pedestrian on the reference model, {result['processor']}, Python {result['python']}, "
        + ", ".join(f"{k} {v}" for k, v in result["versions"].items())
        + ".",
        "Ratio: median over alternating pairs [range]; above 1 Lamplight is faster.",
        "",
        "| peer | schedule | variant | pedestrians a day | peer, µs | Lamplight, µs | ratio | peer, MiB | Lamplight, MiB |",
        "|---|---|---|---:|---:|---:|---:|---:|---:|",
    ]
    for row in result["comparisons"]:
        ratio = row["cpu_ratio"]
        cells = [
            row["peer"],
            row["schedule"],
            row["variant"],
            f"{20_000 * row['scale']:,.0f}",
            significant(row["peer_us_per_pedestrian"]),
            significant(row["lamplight_us_per_pedestrian"]),
            f"{significant(ratio['median'])} [{significant(ratio['low'])}, {significant(ratio['high'])}]",
            f"{row['peer_peak_rss_kib'] / 1024:,.0f}",
            f"{row['lamplight_peak_rss_kib'] / 1024:,.0f}",
        ]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lamplight", default=str(ROOT / "target" / "release" / "lamplight"), help="the binary to measure")
    parser.add_argument("--pairs", type=int, default=5, help="alternating pairs, five or more")
    parser.add_argument("--peers", nargs="+", choices=sorted(PEERS), default=list(PEERS))
    parser.add_argument("--variants", nargs="+", choices=("base", "busy"), default=["base"])
    parser.add_argument("--scales", nargs="+", type=float, default=[1.0, 10.0])
    parser.add_argument("--schedules", nargs="+", choices=("lazy", "events"), default=["lazy", "events"])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=ROOT / "results" / "speed", help="folder for peers.json and peers.md")
    options = parser.parse_args()
    if options.pairs < 5:
        parser.error("--pairs must be at least 5: fewer say nothing about the range")
    if not Path(options.lamplight).exists():
        parser.error(f"{options.lamplight} does not exist: run `cargo build --release` first, or give --lamplight")

    comparisons = [
        compare(options, name, variant, scale, schedule)
        for variant in options.variants
        for scale in options.scales
        for name in options.peers
        for schedule in options.schedules
    ]
    version = subprocess.run([options.lamplight, "--version"], capture_output=True, text=True).stdout.strip()
    result = {
        "format": "lamplight.peers/1",
        "processor": processor(),
        "python": platform.python_version(),
        "lamplight": version,
        "versions": {name: importlib.metadata.version(name) for name in ("simpy", "numpy")},
        "comparisons": comparisons,
    }
    text = table(result)
    options.out.mkdir(parents=True, exist_ok=True)
    for name, content in (("peers.json", json.dumps(result, indent=2) + "\n"), ("peers.md", text)):
        part = options.out / f"{name}.part"
        part.write_text(content)
        part.replace(options.out / name)
    print(text)


if __name__ == "__main__":
    main()
