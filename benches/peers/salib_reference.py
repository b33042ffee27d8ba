"""The indices that SALib gives on the samples of the tests in src/stats/sensitivity.rs.

    pip install SALib==1.6.0
    python benches/peers/salib_reference.py

The samples come from a linear congruential generator that both sides state, so that nothing but the estimators is compared.
The numbers printed here stand in those tests.
"""

import numpy as np
from SALib.analyze import morris, sobol


def uniforms(n, seed):
    out = []
    for _ in range(n):
        seed = (seed * 6364136223846793005 + 1442695040888963407) % (1 << 64)
        out.append((seed >> 11) / (1 << 53))
    return np.array(out)


def ishigami(u):
    x = np.pi * (2 * u - 1)
    return np.sin(x[:, 0]) * (1 + 0.1 * x[:, 2] ** 4) + 7 * np.sin(x[:, 1]) ** 2


def g_function(u):
    a = np.array([0, 1, 4.5, 9, 99, 99])
    return np.prod((np.abs(4 * u - 2) + a) / (1 + a), axis=1)


def problem(k):
    return {"num_vars": k, "names": [f"x{i}" for i in range(k)], "bounds": [[0, 1]] * k}


for name, f, k in (("ishigami", ishigami, 3), ("g-function", g_function, 6)):
    n = 256
    u = uniforms(n * 2 * k, 7).reshape(n, 2 * k)
    a, b = u[:, :k], u[:, k:]
    rows = []
    for j in range(n):
        rows.append(a[j])
        for d in range(k):
            row = a[j].copy()
            row[d] = b[j, d]
            rows.append(row)
        rows.append(b[j])
    found = sobol.analyze(problem(k), f(np.array(rows)), calc_second_order=False, seed=1)
    print(name, "total", [float(x) for x in found["ST"]])
    print(name, "first", [float(x) for x in found["S1"]], "half interval", [float(x) for x in found["S1_conf"]])

k, r, step = 3, 30, 2 / 3
draws = iter(uniforms(r * k * 3, 9))
points = []
for _ in range(r):
    level = [int(next(draws) * 2) / 3 for _ in range(k)]
    up = [next(draws) < 0.5 for _ in range(k)]
    order = np.argsort([next(draws) for _ in range(k)])
    x = np.array([low if u else low + step for low, u in zip(level, up)])
    points.append(x.copy())
    for d in order:
        x[d] += step if up[d] else -step
        points.append(x.copy())
points = np.array(points)
found = morris.analyze(problem(k), points, ishigami(points), num_levels=4, seed=1)
for name in ("mu", "mu_star", "sigma"):
    print("morris", name, [float(x) for x in found[name]])
