"""The plan in NumPy, as fast as it goes there: matrix products over chunks of draws.

What the years have in common is one product of coefficients and monomials. In years
with moving demand the monomials times the demand ratios are further features, and all
rows of these years come from one batched product, straight into the rows of the
summary. Nothing is allocated from chunk to chunk; every pass over memory is in place.

    python numpy_peer.py PLAN.json DRAWS [ROUNDS]
"""

import numpy as np

import plan as plans
import timing

CHUNKS = [128, 256, 512, 1024, 2048, 4096]


def regular(subscripts):
    """A slice where the subscripts allow it: in place, without a copy."""
    steps = set(np.diff(subscripts))
    if len(subscripts) == 1 or (len(steps) == 1 and min(steps) > 0):
        step = steps.pop() if steps else 1
        return slice(int(subscripts[0]), int(subscripts[-1]) + 1, int(step))
    return np.array(subscripts)


class Items:
    """Rows of a plan, scaled and in an order of one's own, for all draws of a chunk."""

    def __init__(self, plan, items, start):
        """`items` are pairs of a row and a factor; `start` is the first moving year."""
        cells = [plans.folded(plan, plan.rows[row]) for row, _ in items]
        self.moving = [k for k, (row, _) in enumerate(items) if plan.rows[row].t >= start]
        self.still = [k for k in range(len(items)) if k not in set(self.moving)]
        years = sorted({plan.rows[items[k][0]].t for k in self.moving})
        by_year = [[k for k in self.moving if plan.rows[items[k][0]].t == t] for t in years]
        self.years = [t - start for t in years]
        keys = {key for k in self.moving for key in cells[k]}
        order = sorted(keys, key=lambda key: tuple(-1 if part is None else part for part in key))
        self.plain = [j for group, j in order if group is None]
        self.moved = [key for key in order if key[0] is not None]
        keys = [(None, j) for j in self.plain] + self.moved

        def matrix(rows, keys):
            return np.array(
                [[cells[k].get(key, 0.0) * items[k][1] for key in keys] for k in rows]
            ).reshape(len(rows), len(keys))

        used = sorted(
            {j for k in self.still for _, j in cells[k]}, key=lambda j: -1 if j is None else j
        )
        self.used = used
        self.still_matrix = matrix(self.still, [(None, j) for j in used])
        # Years of different width are filled up with rows of zeros.
        width = max(map(len, by_year), default=0)
        self.matrices = np.zeros((len(years), width, len(keys)))
        for y, rows in enumerate(by_year):
            self.matrices[y, : len(rows)] = matrix(rows, keys)
        flat = [k for rows in by_year for k in rows]
        in_order = flat == list(range(flat[0], flat[-1] + 1)) if flat else False
        self.direct = in_order and all(len(rows) == width for rows in by_year)
        self.flat, self.by_year = flat, by_year
        self.still_at = regular(self.still) if self.still else None

    def buffers(self, n):
        """Memory for chunks of `n` draws."""
        features = np.empty((len(self.years), len(self.plain) + len(self.moved), n))
        products = np.empty((*self.matrices.shape[:2], n))
        return features, products, np.empty((len(self.used), n)), np.empty((len(self.still), n))

    def evaluate(self, s1, d, buffers, out):
        """The items into `out`, from monomials (the 1 last) and ratios."""
        features, products, columns, still = buffers
        n = out.shape[1]
        if self.still:
            if self.used == [None]:
                out[self.still_at] = self.still_matrix
            else:
                columns = columns[:, :n]
                np.take(
                    s1,
                    [-1 if j is None else j for j in self.used],
                    axis=0,
                    out=columns,
                    mode="wrap",
                )
                if isinstance(self.still_at, slice) and self.still_at.step == 1:
                    np.matmul(self.still_matrix, columns, out=out[self.still_at])
                else:
                    out[self.still_at] = np.matmul(self.still_matrix, columns, out=still[:, :n])
        if not self.moving:
            return
        for f, j in enumerate(self.plain):
            features[:, f] = s1[-1 if j is None else j]
        for f, (group, j) in enumerate(self.moved, len(self.plain)):
            ratio = d[group] if len(self.years) == d.shape[1] else d[group][self.years]
            if j is None:
                features[:, f] = ratio
            else:
                np.multiply(ratio, s1[j], out=features[:, f])
        if self.direct:
            width = self.matrices.shape[1]
            rows = out[self.flat[0] : self.flat[-1] + 1].reshape(len(self.years), width, n)
            np.matmul(self.matrices, features, out=rows)
        else:
            np.matmul(self.matrices, features, out=products)
            for y, rows in enumerate(self.by_year):
                out[rows] = products[y, : len(rows)]


class NumPyPlan:
    """A plan prepared for chunks of draws."""

    def __init__(self, plan):
        self.plan = plan
        span = len(plan.years)
        self.start = min((plans.moves_from(g, span) for g in plan.groups), default=span)
        self.count = span - self.start
        self.steps = [self.step(group) for group in plan.groups]
        first, count = len(plan.inputs), len(plan.indicators)
        self.first, self.end = first, first + count

        def item(part):
            scale = 0.0 if part.divisor == 0.0 else 1.0 / part.divisor
            return (part.row, scale)

        self.main = Items(plan, [item(part) for part in plan.indicators], self.start)
        # What is needed beside the indicators: target indicators that are not among
        # them, base years, the cost.
        at = {self.key(part): k for k, part in enumerate(plan.indicators)}
        extras = [p for p in plan.target_indicators if self.key(p) not in at]
        bases = {p.base_row for p in [*plan.indicators, *extras] if p.base_row is not None}
        self.bases = {row: len(extras) + b for b, row in enumerate(sorted(bases))}
        rows = [item(part) for part in extras] + [(row, 1.0) for row in sorted(bases)]
        if plan.cost_row is not None:
            rows.append((plan.cost_row, 1.0))
        self.extra_rows = len(rows)
        self.extra = Items(plan, rows, self.start)
        self.divide_main = self.divisions(plan.indicators)
        self.divide_extra = self.divisions(extras)
        places = {self.key(part): (False, k) for k, part in enumerate(extras)}
        places |= {key: (True, k) for key, k in at.items()}
        self.places = [places[self.key(part)] for part in plan.target_indicators]
        self.lay_out_targets()

    def key(self, part):
        """What tells indicators apart."""
        return (part.rule, part.row, part.base_row, part.divisor, part.group)

    def step(self, group):
        """One year's factor, affine in the shift of growth: a + b·δ, by year."""
        span = range(self.start, len(self.plan.years))
        below = [1.0 + group.elasticity * group.path[t] for t in span]
        shifted = [group.growth is not None and t >= group.projected_from for t in span]
        path = group.path[self.start :]
        constant = (1.0 + group.elasticity * path) / below
        slope = np.where(shifted, group.elasticity, 0.0) / below
        return (
            constant[:, None],
            slope[:, None],
            path[:, None],
            np.array(shifted)[:, None],
            np.array(below)[:, None],
        )

    def divisions(self, parts):
        """Where to divide by a base year, and by a demand ratio in moving years."""
        by_base, by_group = {}, {}
        for k, part in enumerate(parts):
            if part.base_row is not None:
                by_base.setdefault(part.base_row, []).append(k)
            t = self.plan.rows[part.row].t
            if part.group is not None and t >= self.start:
                by_group.setdefault((part.group, part.rule, part.base_row), []).append(
                    (k, t - self.start)
                )
        base = [(row, regular(ks)) for row, ks in by_base.items()]
        groups = [
            (group, regular([k for k, _ in ks]), regular([t for _, t in ks]))
            for (group, _, _), ks in by_group.items()
        ]
        return base, groups

    def lay_out_targets(self):
        """Targets by rule, with what they need by columns."""
        targets = self.plan.targets
        self.required = np.array([[t.required] for t in targets])
        self.signs = np.array([[t.sign] for t in targets])
        self.own = [
            (k, t.required_input) for k, t in enumerate(targets) if t.required_input is not None
        ]
        self.reductions = [k for k, t in enumerate(targets) if t.rule == "reduction"]

    def buffers(self, n):
        """Memory for chunks of `n` draws."""
        plan = self.plan
        return {
            "n": n,
            "out": np.zeros((len(plan.columns()), n)),
            "s": np.ones((len(plan.monomials) + 1, n)),
            "d": np.ones((len(plan.groups), self.count, n)),
            "inverse": np.empty((len(plan.groups), self.count, n)),
            "main": self.main.buffers(n),
            "extra": self.extra.buffers(n),
            "extras": np.empty((self.extra_rows, n)),
            "ends": np.empty((len(plan.targets), n)),
            "base": np.empty((len(plan.targets), n)),
            "flags": np.empty((len(plan.targets), n), dtype=bool),
        }

    def ratios(self, x, d, inverse):
        """d[g, t] in the moving years, and their inverses where something is divided."""
        for g, (group, step) in enumerate(zip(self.plan.groups, self.steps)):
            constant, slope, path, shifted, below = step
            if group.elasticity_input is not None:
                shift = x[group.growth] * shifted if group.growth is not None else 0.0
                np.multiply(x[group.elasticity_input], path + shift, out=d[g])
                d[g] += 1.0
                d[g] /= below
            elif group.growth is not None:
                np.multiply(slope, x[group.growth], out=d[g])
                d[g] += constant
            else:
                d[g] = 1.0
            for t in range(1, self.count):
                d[g, t] *= d[g, t - 1]
        for g in {g for g, _, _ in [*self.divide_main[1], *self.divide_extra[1]]}:
            np.divide(1.0, d[g], out=inverse[g])

    def chunk(self, x, memory):
        """The rows of a chunk as wide as the memory, columns × draws."""
        plan, out = self.plan, memory["out"]
        out[: self.first] = x
        s, d, inverse, extras = memory["s"], memory["d"], memory["inverse"], memory["extras"]
        columns = plans.with_switches(plan, x)
        for j, factors in enumerate(plan.monomials):
            if len(factors) == 1:
                s[j] = columns[factors[0]]
            elif factors:
                np.multiply(columns[factors[0]], columns[factors[1]], out=s[j])
                for i in factors[2:]:
                    s[j] *= columns[i]
        self.ratios(x, d, inverse)
        indicators = out[self.first : self.end]
        self.main.evaluate(s, d, memory["main"], indicators)
        if self.extra_rows:
            self.extra.evaluate(s, d, memory["extra"], extras)
        inverses = {row: 1.0 / extras[k] for row, k in self.bases.items()}
        for (by_base, by_group), rows in (
            (self.divide_main, indicators),
            (self.divide_extra, extras),
        ):
            for row, at in by_base:
                rows[at] *= inverses[row]
            for group, at, years in by_group:
                rows[at] *= inverse[group][years]
        self.judge(x, s, memory)
        if plan.cost_row is not None:
            out[-1] = extras[-1]
        return out

    def judge(self, x, s, memory):
        """Margins and verdicts."""
        plan, out = self.plan, memory["out"]
        ends, base, flags = memory["ends"], memory["base"], memory["flags"]
        indicators, extras = out[self.first : self.end], memory["extras"]

        def value(k):
            main, place = self.places[k]
            return indicators[place] if main else extras[place]

        for k, target in enumerate(plan.targets):
            if target.rule == "sum":
                np.add.reduce([value(i) for i in target.of], axis=0, out=ends[k])
            else:
                ends[k] = value(target.of[0])
            base[k] = value(target.of[1]) if target.rule == "reduction" else 1.0
        np.divide(ends, base, out=ends)
        if len(self.reductions) == len(plan.targets):
            np.subtract(1.0, ends, out=ends)
        else:
            for k in self.reductions:
                np.subtract(1.0, ends[k], out=ends[k])
        required = self.required
        if self.own:
            required = np.repeat(required, x.shape[1], axis=1)
            for k, i in self.own:
                required[k] = x[i]
        count = len(plan.targets)
        margins, mets = (
            out[self.end : self.end + count],
            out[self.end + count : self.end + 2 * count],
        )
        np.subtract(ends, required, out=margins)
        margins *= self.signs
        slack = -plan.margin_slack * np.maximum(np.abs(required), plan.margin_floor)
        np.greater_equal(margins, slack, out=flags)
        all_met, feasible = out[self.end + 2 * count], out[self.end + 2 * count + 1]
        if plan.watched:
            fits = np.ones(x.shape[1], dtype=bool)
            for constant, subscripts, coefficients in plan.watched:
                fits &= plans.affine(constant, subscripts, coefficients, s) >= -plan.watched_slack
            flags &= fits
            feasible[:] = fits
            all_met[:] = np.logical_and.reduce(flags, axis=0) & fits
        else:
            feasible[:] = 1.0
            all_met[:] = np.logical_and.reduce(flags, axis=0)
        mets[:] = flags


def chunks(prepared, x, memory):
    """Goes through all draws, whole chunks only; the rows of the last one."""
    n = memory["n"]
    out = memory["out"]
    for start in range(0, x.shape[1] - n + 1, n):
        out = prepared.chunk(x[:, start : start + n], memory)
    return out


def check(prepared, draws, n=256):
    """The largest difference from the program's own rows."""
    inputs = len(prepared.plan.inputs)
    memory, worst = prepared.buffers(n), 0.0
    for start in range(0, draws.shape[1] - n + 1, n):
        part = draws[:, start : start + n]
        worst = max(worst, plans.difference(prepared.chunk(part[:inputs], memory), part))
    return worst


def main():
    plan, draws, rounds = timing.arguments()
    prepared = NumPyPlan(plan)
    worst = max(
        check(prepared, draws),
        plans.difference(plans.evaluate(plan, draws[: len(plan.inputs)]), draws),
    )
    x = timing.many(draws[: len(plan.inputs)], 1 << 16)
    best, times = timing.tuned(
        CHUNKS, lambda n: (lambda memory: lambda: chunks(prepared, x, memory))(prepared.buffers(n))
    )
    memory = prepared.buffers(best)
    per_draw = [timing.cpu(lambda: chunks(prepared, x, memory)) / x.shape[1] for _ in range(rounds)]
    tuning = {str(n): round(1e6 * time / x.shape[1], 4) for n, time in times.items()}
    timing.report("numpy", worst, per_draw, chunk=best, cpu_us_by_chunk=tuning)


if __name__ == "__main__":
    main()
