"""`high-street-1` in SimPy, as its documentation shows it: a process for each pedestrian and for each alert."""

import math
import random

import simpy

import reference as ref


def stops(east):
    """What a pedestrian comes by after entering: (metres walked, node or None, is a camera), in order."""
    places = [(x if east else ref.STREET_M - x, i, False) for i, x in enumerate(ref.NODES_M)]
    places += [(x if east else ref.STREET_M - x, None, True) for x in ref.CAMERAS_M]
    return sorted(places)[1:]


STOPS = {True: stops(True), False: stops(False)}


class Street:
    """One day: the street, its staff and what they counted."""

    def __init__(self, rng, spec):
        self.env = simpy.Environment()
        self.rng = rng
        self.spec = spec
        self.day = ref.Day()
        self.operator = simpy.Resource(self.env, capacity=1)
        self.teams = simpy.Resource(self.env, capacity=ref.TEAMS)

    def run(self):
        self.env.process(self.arrivals())
        self.env.run()
        return self.day

    def arrivals(self):
        for hour, per_hour in enumerate(self.spec.arrivals_per_hour):
            end = (hour + 1) * ref.HOUR_S
            rate = per_hour / ref.HOUR_S
            while True:
                gap = self.rng.expovariate(rate)
                # The rate changes at the hour; an exponential gap may simply be drawn anew there.
                if self.env.now + gap >= end:
                    yield self.env.timeout(end - self.env.now)
                    break
                yield self.env.timeout(gap)
                walker = Walker(self)
                walker.process = self.env.process(walker.walk())

    def lognormal(self, mean, log_sd):
        return self.rng.lognormvariate(ref.log_mean(mean, log_sd), log_sd)

    def respond(self, walker):
        """Review, dispatch and stop after one alert."""
        env, day, g = self.env, self.day, walker.group
        kind = "true" if walker.listed else "false"
        raised = env.now
        with self.operator.request() as turn:
            yield turn
            day.operator_wait_s += env.now - raised
            service = self.lognormal(ref.REVIEW_MEAN_S, ref.REVIEW_LOG_SD)
            day.operator_busy_s += service
            yield env.timeout(service)
        if self.rng.random() >= (ref.CONFIRM_LISTED if walker.listed else ref.CONFIRM_OTHER):
            day.counts[f"dismissed_{kind}"][g] += 1
            return
        left = ref.ALERT_LIFE_S - (env.now - raised)
        if left < 0:
            day.counts[f"lost_{kind}"][g] += 1
            return
        with self.teams.request() as team:
            yield team | env.timeout(left)
            if not team.triggered:
                day.counts[f"lost_{kind}"][g] += 1
                return
            mean = ref.ARREST_MEAN_S if walker.listed else ref.STOP_MEAN_S
            engaged = self.lognormal(mean, ref.TEAM_LOG_SD)
            day.team_busy_s += engaged
            day.counts["arrests" if walker.listed else "wrongful_stops"][g] += 1
            if walker.process.is_alive:
                walker.process.interrupt(math.inf if walker.listed else engaged)
            yield env.timeout(engaged)


class Walker:
    """A pedestrian with all its traits."""

    __slots__ = ("street", "group", "speed", "listed", "east", "alerted", "process")

    def __init__(self, street):
        rng = street.rng
        self.street = street
        self.group = rng.choices(range(len(ref.MIX)), ref.MIX)[0]
        self.speed = rng.gauss(ref.SPEED_MEAN, ref.SPEED_SD)
        while not ref.SPEED_MIN <= self.speed <= ref.SPEED_MAX:
            self.speed = rng.gauss(ref.SPEED_MEAN, ref.SPEED_SD)
        self.listed = rng.random() < street.spec.listed
        self.east = rng.random() < 0.5
        self.alerted = False

    def walk(self):
        street = self.street
        env, day = street.env, street.day
        day.counts["pedestrians"][self.group] += 1
        day.passages[0 if self.east else -1] += 1
        walked = 0.0
        for metres, node, camera in STOPS[self.east]:
            due = env.now + (metres - walked) / self.speed
            walked = metres
            while env.now < due:
                try:
                    yield env.timeout(due - env.now)
                except simpy.Interrupt as stop:
                    if math.isinf(stop.cause):
                        return
                    due += stop.cause
            if camera:
                self.pass_camera()
            else:
                day.passages[node] += 1

    def pass_camera(self):
        street, rng = self.street, self.street.rng
        if rng.random() >= ref.CAPTURE:
            return
        street.day.counts["faces"][self.group] += 1
        if self.alerted:
            return
        if self.listed:
            score = rng.gauss(ref.GENUINE_MEAN, ref.GENUINE_SD)
        else:
            score = ref.THRESHOLD - ref.IMPOSTOR_SCALE * math.log((1 - rng.random()) / street.spec.tail[self.group])
        if score >= ref.THRESHOLD:
            self.alerted = True
            street.day.counts["true_alerts" if self.listed else "false_alerts"][self.group] += 1
            street.env.process(street.respond(self))


def day(seed, spec):
    """One replication."""
    return Street(random.Random(repr(seed)), spec).run()


if __name__ == "__main__":
    ref.main("simpy", day)
