"""The plan that `jianpai plan --export` writes: reading it, and evaluating it plainly.

Everything here follows the equations of the format, array by array, without regard
to speed; the peers beside it are checked against it, and it against the program.
"""

import csv
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

FORMAT = "jianpai-plan/1"


class PlanError(ValueError):
    """What is wrong with a plan or with its draws."""


@dataclass(frozen=True)
class Segment:
    """`constant + Σ coefficient·s[monomial]`, times a demand ratio if it has a group."""

    group: int | None
    constant: float
    monomials: np.ndarray  # of subscripts
    coefficients: np.ndarray  # as many


@dataclass(frozen=True)
class Row:
    """A cell: its year, the part that nothing touches, and its segments."""

    t: int
    constant: float
    segments: tuple[Segment, ...]


@dataclass(frozen=True)
class Group:
    """Services whose demand moves together."""

    growth: int | None
    elasticity_input: int | None
    elasticity: float
    path: np.ndarray  # of years
    projected_from: int


@dataclass(frozen=True)
class Indicator:
    """A row as it is, over its base year and GDP, or over a demand."""

    name: str
    rule: str
    row: int
    base_row: int | None
    divisor: float
    group: int | None


@dataclass(frozen=True)
class Target:
    """What is to be reached, in terms of the target indicators."""

    name: str
    rule: str
    of: tuple[int, ...]  # end, base; or end; or the years of a sum
    required: float
    required_input: int | None
    sign: float


@dataclass(frozen=True)
class Plan:
    """A plan for many draws."""

    years: list[int]
    inputs: list[str]
    switches: list[tuple[int, float]]
    monomials: list[list[int]]
    groups: list[Group]
    rows: list[Row]
    indicators: list[Indicator]
    targets: list[Target]
    target_indicators: list[Indicator]
    watched: list[tuple[float, np.ndarray, np.ndarray]]
    watched_slack: float
    limits: list[tuple[float, float]]  # of inputs
    not_negative: list[tuple[int, float]]  # rows, and the least that rounding may leave
    margin_slack: float
    margin_floor: float
    cost_row: int | None

    def columns(self) -> list[str]:
        """The names of a row's columns, in order."""
        names = self.inputs + [indicator.name for indicator in self.indicators]
        names += [f"margin:{target.name}" for target in self.targets]
        names += [f"met:{target.name}" for target in self.targets]
        names += ["all_met", "feasible"]
        return names + (["cost_cny"] if self.cost_row is not None else [])


def check(value, low, high, what):
    """A subscript within its bounds, or none."""
    if value is not None and not (isinstance(value, int) and low <= value < high):
        raise PlanError(f"{what}: {value} is not a subscript from {low} to {high - 1}")
    return value


def read(path) -> Plan:
    """Reads a plan; a [`PlanError`] says what in it cannot be."""
    raw = json.loads(Path(path).read_text(encoding="utf-8"))
    if raw.get("format") != FORMAT:
        raise PlanError(f"{path}: format {raw.get('format')!r}, not {FORMAT!r}")
    inputs = [entry["name"] for entry in raw["inputs"]]
    switches = [
        (check(entry["input"], 0, len(inputs), "switch"), float(entry["equals"]))
        for entry in raw["switches"]
    ]
    width, span = len(inputs) + len(switches), len(raw["years"])
    monomials = [[check(i, 0, width, "monomial") for i in m] for m in raw["monomials"]]
    groups = [group(entry, len(inputs), span) for entry in raw["groups"]]
    parts = (len(groups), len(monomials))
    rows = [row(entry, raw["years"], parts) for entry in raw["rows"]]

    def indicators(key):
        return [indicator(entry, len(rows), len(groups)) for entry in raw[key]]

    of_targets = indicators("target_indicators")
    return Plan(
        years=raw["years"],
        inputs=inputs,
        switches=switches,
        monomials=monomials,
        groups=groups,
        rows=rows,
        indicators=indicators("indicators"),
        targets=[target(entry, len(of_targets), len(inputs)) for entry in raw["targets"]],
        target_indicators=of_targets,
        watched=[
            (float(entry["constant"]), *terms(entry, len(monomials), "watched"))
            for entry in raw["watched"]
        ],
        watched_slack=float(raw["watched_slack"]),
        limits=[
            (float(entry.get("low", "-inf")), float(entry.get("high", "inf")))
            for entry in raw["inputs"]
        ],
        not_negative=[
            (check(entry["row"], 0, len(rows), "not_negative"), float(entry["least"]))
            for entry in raw.get("not_negative", [])
        ],
        margin_slack=float(raw["margin_slack"]),
        margin_floor=float(raw["margin_floor"]),
        cost_row=check(raw["cost_row"], 0, len(rows), "cost_row"),
    )


def terms(entry, count, what):
    """The monomials of an entry, and their coefficients."""
    for j in entry["monomials"]:
        check(j, 0, count, f"{what}: monomial")
    if len(entry["monomials"]) != len(entry["coefficients"]):
        raise PlanError(f"{what}: as many coefficients as monomials are needed")
    return np.array(entry["monomials"], dtype=int), np.array(entry["coefficients"], dtype=float)


def group(entry, inputs, span) -> Group:
    """A demand group; its path has one entry a year."""
    path = np.array(entry["path"], dtype=float)
    if len(path) != span:
        raise PlanError(f"group: a path of {len(path)} years, not {span}")
    return Group(
        growth=check(entry["growth"], 0, inputs, "growth"),
        elasticity_input=check(entry["elasticity_input"], 0, inputs, "elasticity_input"),
        elasticity=float(entry["elasticity"]),
        path=path,
        projected_from=entry["projected_from"],
    )


def row(entry, years, parts) -> Row:
    """A row of the years of the plan."""
    if entry["year"] not in years:
        raise PlanError(f"row: {entry['year']} is no year of the plan")
    groups, monomials = parts
    segments = [
        Segment(
            check(part["group"], 0, groups, "segment: group"),
            float(part["constant"]),
            *terms(part, monomials, "segment"),
        )
        for part in entry["segments"]
    ]
    return Row(years.index(entry["year"]), float(entry["constant"]), tuple(segments))


def indicator(entry, rows, groups) -> Indicator:
    """An indicator by its rule."""
    rule = entry["rule"]
    if rule not in ("plain", "per-gdp", "per-demand"):
        raise PlanError(f"indicator {entry['name']}: unknown rule {rule!r}")
    divisor = {"plain": 1.0, "per-gdp": entry.get("gdp"), "per-demand": entry.get("demand")}[rule]
    base = check(entry["base_row"], 0, rows, "base_row") if rule == "per-gdp" else None
    return Indicator(
        name=entry["name"],
        rule=rule,
        row=check(entry["row"], 0, rows, "indicator: row"),
        base_row=base,
        divisor=float(divisor),
        group=check(entry.get("group"), 0, groups, "indicator: group"),
    )


def target(entry, indicators, inputs) -> Target:
    """A target by its rule."""
    reached = entry["reached"]
    rule = reached["rule"]
    if rule == "reduction":
        of = (reached["end"], reached["base"])
    elif rule == "value":
        of = (reached["end"],)
    elif rule == "sum":
        of = tuple(reached["of"])
    else:
        raise PlanError(f"target {entry['name']}: unknown rule {rule!r}")
    for k in of:
        check(k, 0, indicators, "target")
    return Target(
        name=entry["name"],
        rule=rule,
        of=of,
        required=float(entry["required"]),
        required_input=check(entry["required_input"], 0, inputs, "required_input"),
        sign=float(entry["sign"]),
    )


# ── Evaluation, as the format says ──


def with_switches(plan, x):
    """Columns of the inputs (inputs × draws), then those of the switches."""
    switches = [(x[i] == equals).astype(float) for i, equals in plan.switches]
    return np.vstack([x, *switches]) if switches else x


def monomials(plan, columns):
    """s[j], monomials × draws."""
    ones = np.ones(columns.shape[1])
    return np.array([np.prod(columns[m], axis=0) if m else ones for m in plan.monomials]).reshape(
        len(plan.monomials), columns.shape[1]
    )


def ratios(plan, x):
    """d[g, t], groups × years × draws."""
    out = np.ones((len(plan.groups), len(plan.years), x.shape[1]))
    for g, part in enumerate(plan.groups):
        own = part.elasticity if part.elasticity_input is None else x[part.elasticity_input]
        for t in range(1, len(plan.years)):
            shift = 0.0
            if part.growth is not None and t >= part.projected_from:
                shift = x[part.growth]
            step = 1.0 + own * (part.path[t] + shift)
            out[g, t] = out[g, t - 1] * step / (1.0 + part.elasticity * part.path[t])
    return out


def affine(constant, subscripts, coefficients, s):
    """`constant + Σ coefficient·s`."""
    return constant + coefficients @ s[subscripts]


def cells(plan, s, d):
    """The rows, rows × draws."""
    out = np.empty((len(plan.rows), s.shape[1]))
    for r, part in enumerate(plan.rows):
        total = np.full(s.shape[1], part.constant)
        for segment in part.segments:
            amount = affine(segment.constant, segment.monomials, segment.coefficients, s)
            total += amount if segment.group is None else amount * d[segment.group, part.t]
        out[r] = total
    return out


def values(plan, indicators, e, d):
    """Indicators from rows and demand ratios, indicators × draws."""
    out = np.empty((len(indicators), e.shape[1]))
    for k, part in enumerate(indicators):
        value = e[part.row]
        if part.rule == "per-gdp":
            value = value / e[part.base_row]
        value = value / part.divisor if part.divisor != 0.0 else np.zeros_like(value)
        if part.group is not None:
            value = value / d[part.group, plan.rows[part.row].t]
        out[k] = value
    return out


def evaluate(plan, x):
    """The rows of draws, columns × draws, from inputs × draws."""
    columns = with_switches(plan, x)
    s, d = monomials(plan, columns), ratios(plan, x)
    e = cells(plan, s, d)
    feasible = np.ones(x.shape[1], dtype=bool)
    for constant, subscripts, coefficients in plan.watched:
        feasible &= affine(constant, subscripts, coefficients, s) >= -plan.watched_slack
    for own, (low, high) in zip(x, plan.limits):
        feasible &= (own >= low - 1e-12) & (own <= high + 1e-12)
    for row, least in plan.not_negative:
        feasible &= e[row] >= least
    k = values(plan, plan.target_indicators, e, d)
    margins, mets = [], []
    for part in plan.targets:
        own = part.required_input
        required = np.full(x.shape[1], part.required) if own is None else x[own]
        if part.rule == "reduction":
            reached = 1.0 - k[part.of[0]] / k[part.of[1]]
        else:
            reached = k[list(part.of)].sum(axis=0)
        margins.append(part.sign * (reached - required))
        slack = plan.margin_slack * np.maximum(np.abs(required), plan.margin_floor)
        mets.append(feasible & (margins[-1] >= -slack))
    all_met = np.logical_and.reduce([feasible, *mets])
    parts = [x, values(plan, plan.indicators, e, d), *margins, *mets, all_met, feasible]
    if plan.cost_row is not None:
        parts.append(e[plan.cost_row])
    return np.vstack(parts)


def moves_from(group, span):
    """The first year whose demand ratio is not 1 for sure."""
    if group.elasticity_input is not None:
        return 1
    return max(group.projected_from, 1) if group.growth is not None else span


def folded(plan, row):
    """A row as {(group or none, monomial or none): coefficient}; ratios of 1 folded in."""
    out = {(None, None): row.constant}
    for segment in row.segments:
        group = segment.group
        if group is not None and row.t < moves_from(plan.groups[group], len(plan.years)):
            group = None
        pairs = zip([None, *segment.monomials], [segment.constant, *segment.coefficients])
        for j, coefficient in pairs:
            key = (group, None if j is None else int(j))
            out[key] = out.get(key, 0.0) + float(coefficient)
    return {key: c for key, c in out.items() if c != 0.0}


# ── Draws ──


def read_draws(plan, path, only_inputs=False):
    """The columns that `jianpai sweep` wrote, by name: columns × draws.

    Reads CSV, Parquet, or raw numbers (`.f64`: all columns of a draw after another,
    little-endian, in the order of the plan). Further columns are left aside.
    """
    path, names = Path(path), plan.inputs if only_inputs else plan.columns()
    if path.suffix == ".f64":
        table = np.fromfile(path, dtype="<f8")
        if table.size % len(plan.columns()):
            raise PlanError(f"{path}: not a multiple of {len(plan.columns())} numbers")
        return np.ascontiguousarray(table.reshape(-1, len(plan.columns())).T[: len(names)])
    if path.suffix == ".parquet":
        import pyarrow.parquet

        table = pyarrow.parquet.read_table(path, columns=names)
        return np.array([table[name].to_numpy() for name in names], dtype=float)
    with path.open(encoding="utf-8", newline="") as file:
        header = next(csv.reader(file))
    missing = [name for name in names if name not in header]
    if missing:
        raise PlanError(f"{path}: no column {', '.join(missing)}")
    # No quotes occur among the numbers; some draws have no results.
    use = [header.index(name) for name in names]
    number = lambda cell: float(cell or "nan")
    return np.ascontiguousarray(
        np.loadtxt(
            path,
            delimiter=",",
            skiprows=1,
            usecols=use,
            ndmin=2,
            encoding="utf-8",
            converters=number,
        ).T
    )


def difference(found, expected):
    """The largest relative difference of two tables of columns × draws.

    What is smaller than a thousandth of the largest number of its column, as a margin
    just met may be, is compared with that thousandth. What either does not have, as a
    result of a draw outside its bounds, is not compared.
    """
    absent = np.isnan(found) | np.isnan(expected)
    found, expected = np.where(absent, 0.0, found), np.where(absent, 0.0, expected)
    largest = np.max(np.abs(expected), axis=1, keepdims=True)
    scale = np.maximum(np.abs(expected), np.where(largest > 0.0, 1e-3 * largest, 1.0))
    return float(np.max(np.abs(found - expected) / scale))
