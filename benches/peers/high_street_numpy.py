"""`high-street-1` in vectorised numpy: arrays for the pedestrians, a short loop for the dozens of alerts."""

import numpy as np

import reference as ref

NODES_M = np.array(ref.NODES_M)
CAMERAS_M = np.array(ref.CAMERAS_M)
CUMULATIVE_MIX = np.cumsum(ref.MIX)[:-1]
GROUPS = len(ref.MIX)


def speeds(rng, n):
    """Normal speeds, those outside the bounds drawn anew."""
    v = rng.normal(ref.SPEED_MEAN, ref.SPEED_SD, n)
    while (out := np.flatnonzero((v < ref.SPEED_MIN) | (v > ref.SPEED_MAX))).size:
        v[out] = rng.normal(ref.SPEED_MEAN, ref.SPEED_SD, out.size)
    return v


def day(seed, spec):
    """One replication."""
    rng = np.random.default_rng(seed)
    per_hour = rng.poisson(spec.arrivals_per_hour)
    n = int(per_hour.sum())
    arrival = (np.repeat(np.arange(per_hour.size), per_hour) + rng.random(n)) * ref.HOUR_S
    group = np.searchsorted(CUMULATIVE_MIX, rng.random(n), side="right")
    speed = speeds(rng, n)
    east = rng.random(n) < 0.5
    listed = rng.random(n) < spec.listed

    captured = rng.random((2, n)) < ref.CAPTURE
    at_or_over = rng.random((2, n)) < np.array(spec.tail)[group]
    sought = np.flatnonzero(listed)
    at_or_over[:, sought] = rng.normal(ref.GENUINE_MEAN, ref.GENUINE_SD, (2, sought.size)) >= ref.THRESHOLD
    hit = captured & at_or_over

    result = ref.Day()
    by_group = lambda which: np.bincount(which, minlength=GROUPS)
    faces = by_group(group[captured[0]]) + by_group(group[captured[1]])
    passages = np.full(NODES_M.size, n)

    who = np.flatnonzero(hit[0] | hit[1])
    # Metres from the entrance to the first and second camera met.
    cameras_m = np.where(east[who], CAMERAS_M[:, None], ref.STREET_M - CAMERAS_M[::-1, None])
    first = np.where(hit[0, who], 0, 1)
    pass_s = arrival[who] + cameras_m / speed[who]
    raised = pass_s[first, np.arange(who.size)]
    order = np.argsort(raised)
    alerts = zip(who[order].tolist(), first[order].tolist(), raised[order].tolist(), pass_s[1, order].tolist())

    operator_free = 0.0
    team_free = [0.0] * ref.TEAMS
    counts = result.counts
    lognormal = lambda mean, log_sd: float(rng.lognormal(ref.log_mean(mean, log_sd), log_sd))
    for person, camera, at, second_pass in alerts:
        g, true = int(group[person]), bool(listed[person])
        kind = "true" if true else "false"
        counts[f"{kind}_alerts"][g] += 1
        start = max(at, operator_free)
        service = lognormal(ref.REVIEW_MEAN_S, ref.REVIEW_LOG_SD)
        result.operator_wait_s += start - at
        result.operator_busy_s += service
        operator_free = start + service
        if rng.random() >= (ref.CONFIRM_LISTED if true else ref.CONFIRM_OTHER):
            counts[f"dismissed_{kind}"][g] += 1
            continue
        # One operator reviews in order, so confirmed alerts reach the teams in order too.
        team = min(range(ref.TEAMS), key=team_free.__getitem__)
        stop = max(operator_free, team_free[team])
        if stop - at > ref.ALERT_LIFE_S:
            counts[f"lost_{kind}"][g] += 1
            continue
        engaged = lognormal(ref.ARREST_MEAN_S if true else ref.STOP_MEAN_S, ref.TEAM_LOG_SD)
        team_free[team] = stop + engaged
        result.team_busy_s += engaged
        counts["arrests" if true else "wrongful_stops"][g] += 1
        if true:
            # An arrested pedestrian makes no later passage.
            if camera == 0 and second_pass > stop and captured[1, person]:
                faces[g] -= 1
            reached = arrival[person] + (NODES_M if east[person] else ref.STREET_M - NODES_M) / speed[person]
            passages -= reached > stop

    counts["pedestrians"] = by_group(group).tolist()
    counts["faces"] = faces.tolist()
    result.passages = passages.tolist()
    return result


if __name__ == "__main__":
    ref.main("numpy", day)
