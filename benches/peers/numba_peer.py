"""The plan in Numba, as an expert would have it: blocks of draws that stay in cache.

Monomials, demand ratios and their products are features, one array each with the
draw innermost. A row is a sparse sum of features, four at a time, so that a sum is
loaded and stored once for four terms. One thread.

    python numba_peer.py PLAN.json DRAWS [ROUNDS]
"""

import numpy as np
from numba import njit

import plan as plans
import timing

BLOCKS = [64, 128, 256, 512, 1024]
TERMS = 4


class Tables:
    """A plan as arrays: features, passes of sums, divisions, targets."""

    def __init__(self, plan):
        self.plan = plan
        span, inputs = len(plan.years), len(plan.inputs)
        starts = [plans.moves_from(group, span) for group in plan.groups]
        self.ratio_at, self.monomials = {}, len(plan.monomials)
        for g, start in enumerate(starts):
            for t in range(start, span):
                self.ratio_at[g, t] = self.monomials + len(self.ratio_at)
        # Rows of the block: those of the summary, then what is needed beside them.
        width = len(plan.columns())
        place = {}
        for k, part in enumerate(plan.indicators):
            place.setdefault(self.key(part), inputs + k)
        extras = [part for part in plan.target_indicators if self.key(part) not in place]
        self.sums, self.products, self.divided = [], {}, []
        parts = [(inputs + k, part) for k, part in enumerate(plan.indicators)]
        next_row = width
        for part in extras:
            place[self.key(part)] = next_row
            parts.append((next_row, part))
            next_row += 1
        base_at = {}
        for _, part in parts:
            if part.base_row is not None and part.base_row not in base_at:
                base_at[part.base_row] = next_row
                next_row += 1
        self.rows = next_row
        for row, out in base_at.items():
            self.add(out, row, 1.0)
        for out, part in parts:
            self.add(out, part.row, 0.0 if part.divisor == 0.0 else 1.0 / part.divisor)
            ratio = self.ratio_at.get((part.group, plan.rows[part.row].t), -1)
            base = base_at.get(part.base_row, -1)
            if ratio >= 0 or base >= 0:
                self.divided.append((out, base, ratio))
        if plan.cost_row is not None:
            self.add(width - 1, plan.cost_row, 1.0)
        self.bases = sorted(base_at.values())
        self.place, self.start = place, starts

    def key(self, part):
        """What tells indicators apart."""
        return (part.rule, part.row, part.base_row, part.divisor, part.group)

    def add(self, out, row, scale):
        """A row of the plan as a sum of features."""
        part, constant, terms = self.plan.rows[row], 0.0, []
        for (group, j), coefficient in plans.folded(self.plan, part).items():
            coefficient *= scale
            if group is None and j is None:
                constant = coefficient
            elif group is None:
                terms.append((j, coefficient))
            else:
                ratio = self.ratio_at[group, part.t]
                if j is None:
                    terms.append((ratio, coefficient))
                else:
                    first = self.monomials + len(self.ratio_at)
                    feature = self.products.setdefault((ratio, j), first + len(self.products))
                    terms.append((feature, coefficient))
        self.sums.append((out, constant, terms))

    def arrays(self):
        """Everything as the compiled function takes it."""
        plan, ints = self.plan, lambda values: np.array(values, dtype=np.int64)
        # Passes of up to four terms: row, whether it is the first, number, features.
        heads, features, coefficients, constants = [], [], [], []
        for out, constant, terms in self.sums:
            for at in range(0, max(len(terms), 1), TERMS):
                four = terms[at : at + TERMS]
                heads.append((out, at == 0, len(four)))
                features.append([f for f, _ in four] + [0] * (TERMS - len(four)))
                coefficients.append([c for _, c in four] + [0.0] * (TERMS - len(four)))
                constants.append(constant)
        factors = [i for m in plan.monomials for i in m]
        ends = np.cumsum([0] + [len(m) for m in plan.monomials])
        steps, slopes = [], []
        for g, group in enumerate(plan.groups):
            for t in range(self.start[g], len(plan.years)):
                shifted = group.growth is not None and t >= group.projected_from
                own = -1 if group.elasticity_input is None else group.elasticity_input
                before = self.ratio_at.get((g, t - 1), -1)
                steps.append((self.ratio_at[g, t], before, group.growth if shifted else -1, own))
                below = 1.0 + group.elasticity * group.path[t]
                slopes.append((group.elasticity, group.path[t], 1.0 / below))
        targets, sums = [], []
        for target in plan.targets:
            places = [self.place[self.key(plan.target_indicators[k])] for k in target.of]
            own = -1 if target.required_input is None else target.required_input
            targets.append((target.rule == "reduction", own, len(sums), len(sums) + len(places)))
            sums += places
        share_ends = np.cumsum([0] + [len(js) for _, js, _ in plan.watched])
        return (
            (
                ints([i for i, _ in plan.switches]),
                np.array([v for _, v in plan.switches], dtype=float),
            ),
            (ints(factors), ints(ends)),
            (ints(steps).reshape(-1, 4), np.array(slopes).reshape(-1, 3)),
            ints([(f, ratio, j) for (ratio, j), f in self.products.items()]).reshape(-1, 3),
            (
                ints(heads).reshape(-1, 3),
                ints(features),
                np.array(coefficients),
                np.array(constants),
            ),
            (ints(self.bases), ints(self.divided).reshape(-1, 3)),
            (
                ints(targets).reshape(-1, 4),
                ints(sums),
                np.array([(t.required, t.sign) for t in plan.targets]).reshape(-1, 2),
            ),
            (
                np.array([constant for constant, _, _ in plan.watched], dtype=float),
                ints(share_ends),
                ints([j for _, js, _ in plan.watched for j in js]),
                np.array([c for _, _, cs in plan.watched for c in cs], dtype=float),
            ),
            np.array([plan.watched_slack, plan.margin_slack, plan.margin_floor]),
            ints([len(plan.inputs), len(plan.indicators), len(plan.targets)]),
        )

    def features(self):
        """The number of features."""
        return self.monomials + len(self.ratio_at) + len(self.products)


@njit(fastmath=True, error_model="numpy", cache=False)
def set_features(x, switches, monomials, growth, products, phi, inverse):
    """Monomials, demand ratios with their inverses, and their products."""
    inputs, n = x.shape
    of, equals = switches
    factors, ends = monomials
    for j in range(ends.size - 1):
        s = phi[j]
        s[:] = 1.0
        for k in range(ends[j], ends[j + 1]):
            column = factors[k]
            if column < inputs:
                a = x[column]
                if k == ends[j]:
                    s[:] = a
                else:
                    for i in range(n):
                        s[i] *= a[i]
            else:
                a, v = x[of[column - inputs]], equals[column - inputs]
                for i in range(n):
                    s[i] = s[i] if a[i] == v else 0.0
    steps, slopes = growth
    first = ends.size - 1
    for k in range(steps.shape[0]):
        here, before, shift, own = steps[k, 0], steps[k, 1], steps[k, 2], steps[k, 3]
        elasticity, path, scale = slopes[k, 0], slopes[k, 1], slopes[k, 2]
        d, r = phi[here], inverse[here - first]
        if own < 0 and shift >= 0:
            a, b = (1.0 + elasticity * path) * scale, elasticity * scale
            delta = x[shift]
            for i in range(n):
                d[i] = a + b * delta[i]
        elif own >= 0:
            e = x[own]
            if shift >= 0:
                delta = x[shift]
                for i in range(n):
                    d[i] = (1.0 + e[i] * (path + delta[i])) * scale
            else:
                for i in range(n):
                    d[i] = (1.0 + e[i] * path) * scale
        else:
            d[:] = 1.0
        if before >= 0:
            last = phi[before]
            for i in range(n):
                d[i] *= last[i]
        for i in range(n):
            r[i] = 1.0 / d[i]
    for k in range(products.shape[0]):
        p, a, b = phi[products[k, 0]], phi[products[k, 1]], phi[products[k, 2]]
        for i in range(n):
            p[i] = a[i] * b[i]


@njit(fastmath=True, error_model="numpy")
def set_sums(passes, phi, out):
    """The rows, four terms a pass."""
    heads, features, coefficients, constants = passes
    n = phi.shape[1]
    for k in range(heads.shape[0]):
        row = out[heads[k, 0]]
        terms, c = heads[k, 2], coefficients[k]
        a, b, e, f = (
            phi[features[k, 0]],
            phi[features[k, 1]],
            phi[features[k, 2]],
            phi[features[k, 3]],
        )
        ca, cb, ce, cf = c[0], c[1], c[2], c[3]
        if heads[k, 1]:
            start = constants[k]
            if terms == 0:
                row[:] = start
            elif terms == 1:
                for i in range(n):
                    row[i] = start + ca * a[i]
            elif terms == 2:
                for i in range(n):
                    row[i] = start + ca * a[i] + cb * b[i]
            else:
                for i in range(n):
                    row[i] = start + ca * a[i] + cb * b[i] + ce * e[i] + cf * f[i]
        elif terms == 1:
            for i in range(n):
                row[i] += ca * a[i]
        elif terms == 2:
            for i in range(n):
                row[i] += ca * a[i] + cb * b[i]
        else:
            for i in range(n):
                row[i] += ca * a[i] + cb * b[i] + ce * e[i] + cf * f[i]


@njit(fastmath=True, error_model="numpy")
def judge(x, targets, shares, slacks, sizes, phi, out):
    """Margins, verdicts, feasibility."""
    n = x.shape[1]
    kinds, places, numbers = targets
    first, count = sizes[0] + sizes[1], sizes[2]
    all_met, feasible = out[first + 2 * count], out[first + 2 * count + 1]
    feasible[:] = 1.0
    constants, ends, subscripts, coefficients = shares
    for k in range(constants.size):
        for i in range(n):
            share = constants[k]
            for m in range(ends[k], ends[k + 1]):
                share += coefficients[m] * phi[subscripts[m], i]
            if share < -slacks[0]:
                feasible[i] = 0.0
    all_met[:] = feasible
    for k in range(count):
        margin, met = out[first + k], out[first + count + k]
        required, sign = numbers[k, 0], numbers[k, 1]
        start = kinds[k, 2]
        end = out[places[start]]
        if kinds[k, 0]:
            base = out[places[start + 1]]
            for i in range(n):
                margin[i] = 1.0 - end[i] / base[i]
        else:
            margin[:] = end
            for m in range(start + 1, kinds[k, 3]):
                more = out[places[m]]
                for i in range(n):
                    margin[i] += more[i]
        if kinds[k, 1] >= 0:
            own = x[kinds[k, 1]]
            for i in range(n):
                margin[i] = sign * (margin[i] - own[i])
                least = -slacks[1] * max(abs(own[i]), slacks[2])
                met[i] = feasible[i] if margin[i] >= least else 0.0
                all_met[i] *= met[i]
        else:
            least = -slacks[1] * max(abs(required), slacks[2])
            for i in range(n):
                margin[i] = sign * (margin[i] - required)
                met[i] = feasible[i] if margin[i] >= least else 0.0
                all_met[i] *= met[i]


@njit(fastmath=True, error_model="numpy")
def block(x, tables, phi, inverse, out):
    """The rows of one block."""
    switches, monomials, growth, products, passes, divisions, targets, shares, slacks, sizes = (
        tables
    )
    n = x.shape[1]
    set_features(x, switches, monomials, growth, products, phi, inverse)
    set_sums(passes, phi, out)
    bases, divided = divisions
    for k in range(bases.size):
        base = out[bases[k]]
        for i in range(n):
            base[i] = 1.0 / base[i]
    first = monomials[1].size - 1
    for k in range(divided.shape[0]):
        row = out[divided[k, 0]]
        if divided[k, 1] >= 0:
            base = out[divided[k, 1]]
            if divided[k, 2] >= 0:
                ratio = inverse[divided[k, 2] - first]
                for i in range(n):
                    row[i] *= base[i] * ratio[i]
            else:
                for i in range(n):
                    row[i] *= base[i]
        else:
            ratio = inverse[divided[k, 2] - first]
            for i in range(n):
                row[i] *= ratio[i]
    judge(x, targets, shares, slacks, sizes, phi, out)
    for c in range(sizes[0]):
        out[c, :] = x[c]


@njit(fastmath=True, error_model="numpy")
def blocks(x, tables, phi, inverse, out):
    """All whole blocks of draws, one after another into the same rows."""
    n = phi.shape[1]
    for start in range(0, x.shape[1] - n + 1, n):
        block(x[:, start : start + n], tables, phi, inverse, out)


class Runner:
    """Compiled tables and memory for blocks of `n` draws."""

    def __init__(self, tables, arrays, n):
        self.arrays, self.n = arrays, n
        self.phi = np.zeros((tables.features(), n))
        self.inverse = np.ones((max(len(tables.ratio_at), 1), n))
        self.out = np.zeros((tables.rows, n))

    def __call__(self, x):
        blocks(x, self.arrays, self.phi, self.inverse, self.out)


def main():
    plan, draws, rounds = timing.arguments()
    tables = Tables(plan)
    arrays, inputs = tables.arrays(), len(plan.inputs)
    runner, worst = Runner(tables, arrays, 250), 0.0
    for start in range(0, draws.shape[1] - runner.n + 1, runner.n):
        part = np.ascontiguousarray(draws[:, start : start + runner.n])
        runner(part[:inputs])
        worst = max(worst, plans.difference(runner.out[: len(part)], part))
    x = timing.many(draws[:inputs], 1 << 16)

    def work(n):
        runner = Runner(tables, arrays, n)
        return lambda: runner(x)

    best, times = timing.tuned(BLOCKS, work)
    run = work(best)
    per_draw = [timing.cpu(run) / x.shape[1] for _ in range(rounds)]
    tuning = {str(n): round(1e6 * time / x.shape[1], 4) for n, time in times.items()}
    timing.report("numba", worst, per_draw, block=best, cpu_us_by_block=tuning)


if __name__ == "__main__":
    main()
