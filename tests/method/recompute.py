#!/usr/bin/env python3
"""Recomputes a scenario from data/*.csv as src/METHOD.md says, and compares with the program.

    python3 tests/method/recompute.py target/debug/jianpai tests/method/hubei.toml [REGION]
    python3 tests/method/recompute.py target/debug/jianpai tests/method/guangdong.toml

It is written from src/METHOD.md, not from the program, and shares no line with it; sections are
those of that file. It covers base year 2015, all kinds of measures, coal caps and joins to published
reductions; not later base years, own inventories and costs. Exit code 1 above a relative
difference of 1e-9.
"""

import csv
import json
import math
import os
import subprocess
import sys
import tempfile
import tomllib
from collections import defaultdict

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
UNITS = {"t": 1, "吨": 1, "t/h": 1, "蒸吨": 1, "MW": 1, "万kW": 10, "户": 1, "辆": 1, "台": 1, "人": 1, "头": 1, "kWh": 1, "吨/年": 1, "平方米": 1, "千瓦": 0.001,
         "m3/d": 1, "吨/日": 1, "h": 1, "t km": 1, "t.km": 1, "tkm": 1, "tce": 1, "吨标准煤": 1, "%": 0.01, "": 1}


def table(name):
    with open(os.path.join(ROOT, "data", name), encoding="utf-8") as file:
        return list(csv.DictReader(file))


def number(text):
    """`20 万户`, `60 %`, `1.5`."""
    if isinstance(text, (int, float)):
        return float(text)
    text = text.strip()
    at = 0
    while at < len(text) and (text[at].isdigit() or text[at] in ".-+−"):
        at += 1
    value, unit = float(text[:at].replace("−", "-")), text[at:].strip()
    for prefix, scale in (("万", 1e4), ("亿", 1e8)):
        if unit.startswith(prefix) and unit not in UNITS:
            value, unit = value * scale, unit[len(prefix):].strip()
    return value * UNITS[unit]


def merged(path):
    """A scenario with what it inherits."""
    with open(path, "rb") as file:
        own = tomllib.load(file)
    parent = own["scenario"].pop("extends", None)
    if not parent:
        return own
    base = merged(os.path.join(os.path.dirname(path), parent))
    for name in own["scenario"].pop("drop", []):
        group, _, key = name.rpartition(".")
        for entries in ([base[group]] if group else base.values()):
            entries.pop(key, None)
    for name, entries in own.items():
        group = base.setdefault(name, {})
        for key, value in entries.items():
            if name in ("measures", "targets", "observed") and key in group and not value.get("replace"):
                group[key] = {**group[key], **value}
            else:
                group[key] = value
    return base


# 1: one unit of a service in natural units, and factors per unit of service.
SERVICES = {row["id"]: row for row in table("services.csv")}
N = {v: float(row["unit"].split()[0]) for v, row in SERVICES.items()}
TECH = {row["id"]: row for row in table("technologies.csv")}
OF = {k: row["service"] for k, row in TECH.items()}
TAGS = {k: set(row["tags"].split(";")) for k, row in TECH.items()}
for v in SERVICES:
    OF[v + ".saved"], TAGS[v + ".saved"] = v, set()
CLASS = {k: TECH.get(k, {}).get("class") or SERVICES[v]["class"] for k, v in OF.items()}
PARAMETER = {row["id"]: float(row["central"]) for row in table("parameters.csv")}
CARRIERS = {row["id"]: row for row in table("carriers.csv")}


def per_service(row):
    """central as t, tce or units of the used service per unit of the technology's service."""
    value, (up, down) = float(row["central"]), row["unit"].split("/", 1)
    value *= {"g": 1e-6, "kg": 1e-3, "t": 1, "tce": 1, "kWh": 1e-8}[up]
    scale, unit = 1.0, down
    if down[0].isdigit():
        scale, unit = float(down.split()[0]), down.split(None, 1)[1]
    service = SERVICES[OF[row["technology"]]]["unit"].split(None, 1)[1]
    assert unit.rstrip("s") == service.rstrip("s"), (unit, service)
    return value * N[OF[row["technology"]]] / scale


POLLUTANTS = {row["id"]: row for row in table("pollutants.csv")}
LIFE = {row["id"]: float(row["lifetime"]) for row in table("technologies.csv") if row["lifetime"]}
OWN, USE, LINK = defaultdict(dict), defaultdict(dict), defaultdict(dict)
for row in table("factors.csv"):
    OWN[row["technology"]][row["pollutant"]] = per_service(row)
for row in table("energy_use.csv"):
    USE[row["technology"]][row["carrier"]] = per_service(row)
for row in table("links.csv"):
    LINK[row["technology"]][row["service"]] = per_service(row)
FUEL = {(row["carrier"], row["pollutant"]): float(row["central"]) for row in table("carrier_factors.csv")}
CREDIT = {(row["technology"], row["pollutant"]): row for row in table("accounting.csv")}


# 3
def physical(k, p):
    return OWN[k].get(p, 0.0) + sum(use * FUEL.get((f, p), 0.0) for f, use in USE[k].items())


def accounted(k, p):
    row = CREDIT.get((k, p), {"rule": "physical"})
    if row["rule"] == "rule":
        return per_service(row)
    if row["rule"] == "limits":
        return float(row["central"]) * accounted(row["of"], p)
    return accounted(row["of"], p) if row["rule"] == "none" else physical(k, p)


ACCOUNTS = [(p, "physical") for p in POLLUTANTS] + [(p, "accounted") for p, row in POLLUTANTS.items() if row["accounting"] == "rules"]
ACCOUNTS += [("coal", None), ("energy", None)]


def coefficient(k, account):
    q, book = account
    if q == "coal":
        return sum(use for f, use in USE[k].items() if CARRIERS[f]["coal"] == "yes")
    if q == "energy":
        return sum(USE[k].values())
    return accounted(k, q) if book == "accounted" else physical(k, q)


# 4
def inventories():
    level = {row["id"]: row["level"] for row in table("regions.csv")}
    official = defaultdict(dict)
    for row in table("inventory.csv"):
        if row["year"] == "2015":
            official[row["region"], row["account"]][row["class"]] = float(row["value"]) * 1e4
    for cells in official.values():
        cells.setdefault("total", sum(cells.values()))
    seeds = defaultdict(dict)
    for row in table("class_seeds.csv"):
        seeds[row["pollutant"], row["region"]][row["class"]] = float(row["value"])
    for p in POLLUTANTS:
        rows = [r for r in level if level[r] == "province" and set(official.get((r, p), {})) == {"total"} and seeds[p, r]]
        classes = sorted({c for r in rows for c in seeds[p, r]})
        if not rows:
            continue
        totals = {r: official[r, p]["total"] for r in rows}
        cells = {(r, c): seeds[p, r].get(c, 0.0) for r in rows for c in classes}
        nation = official.get(("china", p), {})
        published = [r for r in level if level[r] == "province" and r not in rows]
        left = {c: max(0.0, nation.get(c, 0.0) - sum(official.get((r, p), {}).get(c, 0.0) for r in published)) for c in classes}
        given = len(nation) > 1 and sum(left.values()) > 0

        def to_rows():
            for r in rows:
                scale = totals[r] / sum(cells[r, c] for c in classes)
                for c in classes:
                    cells[r, c] *= scale

        if given:
            scale = sum(totals.values()) / sum(left.values())
            columns = {c: left[c] * scale for c in classes}
            for _ in range(500):
                for c in classes:
                    total = sum(cells[r, c] for r in rows)
                    for r in rows:
                        cells[r, c] *= columns[c] / total if total > 0 else 1.0
                to_rows()
                off = max(abs(sum(cells[r, c] for r in rows) / columns[c] - 1) for c in classes if columns[c] > 0)
                if off < 1e-13:
                    break
        else:
            to_rows()
        for r in rows:
            official[r, p].update({c: cells[r, c] for c in seeds[p, r]})
    return official


TIMETABLE = ("start", "end", "ramp", "points")
EXTENTS = ("sales", "fuel", "equipment", "cut", "share", "reach", "of_service", "amount", "households", "heated_area", "output", "capacity", "number", "turnover", "growth", "electricity", "persons", "heads")


class Region:
    """A scenario in a region; years t are indices from the base year."""

    def __init__(self, scenario, region=None):
        head = scenario["scenario"]
        self.scenario, self.id = scenario, region or head["region"]
        for m in scenario.get("measures", {}).values():
            own = m.pop("regions", {}).get(self.id, {})
            for group in (TIMETABLE, EXTENTS):
                for key in group if set(own) & set(group) else ():
                    m.pop(key, None)
            m.update(own)
        self.years = list(range(2015, head.get("end_year", 2020) + 1))
        self.demand_of_years()
        self.shares()
        self.calibrate()
        self.zone = defaultdict(dict)
        for row in table("zones.csv"):
            self.zone[row["zone"]][row["service"]] = float(row["value"])
        self.lay_out()
        self.join()

    # 2
    def growth(self, d, year):
        stated = self.scenario.get("growth", {}).get(d)
        if isinstance(stated, dict):
            named = [y for y in stated if int(y) <= year]
            if named:
                return number(stated[max(named, key=int)])
        if (d, year) in self.record:
            return self.record[d, year]
        return number(stated) if stated is not None and not isinstance(stated, dict) else None

    def demand_of_years(self):
        own = lambda name: [row for row in table(name) if row["region"] == self.id]
        self.record = {(row["driver"], int(row["year"])): float(row["value"]) / 100 for row in own("driver_growth.csv")}
        base = {row["service"]: float(row["value"]) for row in own("activity.csv")}
        self.stock = {}
        for row in own("stocks.csv"):
            *scale, unit = row["unit"].split()
            self.stock[row["group"], unit] = float(row["value"]) * float(*scale or ["1"])
        self.recorded = {(row["quantity"], int(row["year"])): row for row in own("recorded.csv")}
        self.D = {}
        for v, row in SERVICES.items():
            path = [base.get(v, 0.0)]
            elasticity = self.scenario.get("elasticity", {}).get(v, float(row["elasticity"]))
            for year in self.years[1:]:
                g = self.growth(row["driver"], year) if path[0] else 0.0
                path.append(path[-1] * (1 + elasticity * g) * (1 - float(row["saving"])))
            self.D[v] = path
        self.I = [1.0]
        for year in self.years[1:]:
            self.I.append(self.I[-1] * (1 + self.growth("gdp", year)))

    def shares(self):
        rows = [row for row in table("shares_regional.csv") if row["region"] == self.id]
        own = {OF[row["technology"]] for row in rows}
        rows += [row for row in table("shares.csv") if OF[row["technology"]] not in own]
        self.S0 = dict.fromkeys(OF, 0.0)
        self.S0.update({row["technology"]: float(row["value"]) for row in rows})

    def calibrate(self):
        official, self.K, self.outside = inventories(), {}, {}
        for account in ACCOUNTS:
            cells = official.get((self.id, account[0]), {})
            raw = {k: coefficient(k, account) for k in OF}
            sums = defaultdict(float)
            for k, factor in raw.items():
                sums[CLASS[k]] += factor * self.D[OF[k]][0] * self.S0[k]
            classes = {c: value for c, value in cells.items() if c != "total"}
            if classes:
                kappa = {c: value / sums[c] if sums[c] > 0 else 1.0 for c, value in classes.items()}
            elif cells:
                kappa = dict.fromkeys(set(CLASS.values()), cells["total"] / sum(sums.values()))
            else:
                kappa = dict.fromkeys(set(CLASS.values()), 1.0)
            for k, factor in raw.items():
                self.K[k, account] = kappa.get(CLASS[k], 0.0) * factor

    # 6
    def ramp(self, m):
        def between(year):
            points = sorted((int(y), number(p)) for y, p in m["points"].items())
            if year < points[0][0]:
                return 0.0
            for (y0, p0), (y1, p1) in zip(points, points[1:]):
                if year < y1:
                    return p0 + (p1 - p0) * (year - y0) / (y1 - y0)
            return points[-1][1]

        def plain(year):
            if "points" in m:
                return between(year)
            start, end = m["start"], m.get("end", m["start"])
            if m.get("ramp") == "step":
                return float(year >= start)
            part = min(max((year - start + 1) / (end - start + 1), 0.0), 1.0)
            if m.get("ramp") == "s-curve":
                curve = lambda r: 1 / (1 + math.exp(-10 * (r - 0.5)))
                part = (curve(part) - curve(0)) / (curve(1) - curve(0))
            return part

        last = max(map(int, m["points"])) if "points" in m else m["start"] if m.get("ramp") == "step" else m.get("end", m["start"])
        end = next((t for t, year in enumerate(self.years) if year >= last), len(self.years) - 1)
        mean = m.get("at") == "year-end"
        of_year = lambda c: [plain(year - 1) + c * (plain(year) - plain(year - 1)) if mean else plain(year) for year in self.years]
        months = [max(0.0, 13 - (month + PARAMETER["start-lag"])) / 12 for month in range(1, 13)]
        return of_year(0.5), of_year(sum(months) / 12), end

    # 7
    def named(self, v, alias, tag=None):
        found = [k for k in OF if OF[k] == v and alias in (k, k.split(".", 1)[1])]
        if len(found) > 1:
            found = [k for k in found if tag in TAGS[k]]
        (one,) = found
        return one

    def tagged(self, v, *tags):
        return [k for k in TECH if OF[k] == v and TAGS[k] & set(tags)]

    def classes(self, m):
        """Tags of the size classes of coal boilers between the bounds of a measure."""
        low, high = number(m.get("above", 0)), number(m["up_to"]) if "up_to" in m else math.inf
        sizes = ((0, 10, "boiler-le10"), (10, 35, "boiler-10-35"), (35, 65, "boiler-35-65"), (65, math.inf, "boiler-gt65"))
        return [tag for least, most, tag in sizes if low <= least and most <= high]

    def shifts_of(self, m, R, end):
        """Every shift of a measure: service, from, reserve, groups, gives, extent."""
        kind = m["type"]
        if m.get("fleet") == "vehicles":
            return [shift for fleet in ("trucks", "cars") for shift in self.shifts_of({**m, "fleet": fleet}, R, end)]
        has = lambda technologies: sum(R[k][end] for k in technologies)
        vehicle = {"trucks": "truck", "cars": "car"}.get(m.get("fleet"))
        total = sum(map(number, m.get("to", {}).values()))
        mix = lambda v: {self.named(v, alias, vehicle): number(part) / total for alias, part in m["to"].items()}
        z = lambda v: self.zone[m["zone"]][v] if "zone" in m else 1.0

        def extent(reach=lambda r: ("reach", r)):
            if "share" in m:
                return "share", number(m["share"])
            return reach(number(m["reach"])) if "reach" in m else None

        runs = lambda product: number(m["utilisation"]) if "utilisation" in m else PARAMETER["utilisation-" + product]

        def steam(size):
            capacity = number(m["capacity"]) if "capacity" in m else number(m["number"]) * PARAMETER[size]
            return capacity * PARAMETER["steam-per-capacity"]

        if kind == "scattered-coal-replacement":
            v = "residential-heat"
            lasting = 1 - (number(m["reburn"]) if "reburn" in m else PARAMETER["reburn-share"])
            if "amount" in m:
                how = ("amount", number(m["amount"]) / PARAMETER["coal-per-household"] * lasting)
            elif "households" in m:
                how = ("amount", number(m["households"]) * lasting)
            else:
                how = ("share", number(m["share"]) * lasting)
            return [(v, self.tagged(v, "scattered"), [], [], mix(v), how)]
        if kind == "coal-boiler-phaseout":
            v, tags = "industrial-steam", self.classes(m)
            groups = [self.tagged(v, tag) for tag in tags]
            source = sum(groups, [])
            how = extent()
            for key, unit in (("capacity", "t/h"), ("number", "boilers")):
                if key in m:
                    stock = sum(self.stock[tag, unit] for tag in tags)
                    how = ("of_service", number(m[key]) / stock * sum(self.S0[k] for k in source) / z(v))
            return [(v, source, [], groups, mix(v), how)]
        if kind == "low-nox-burners":
            v = "industrial-steam"
            to, source = "steam.gas-low-nox", [k for k in self.tagged(v, "boiler-gas") if k != "steam.gas-low-nox"]
            how = extent(lambda r: ("share", max(0.0, r * has(source + [to]) - has([to])) / has(source) if has(source) > 0 else 0.0))
            return [(v, source, [], [], {to: 1.0}, how or ("amount", steam("size-boiler-gas")))]
        if kind == "biomass-boilers":
            v, gives = "industrial-steam", mix("industrial-steam")
            fits = any("biomass" in TAGS[k] for k in gives)
            source = [k for k in self.tagged(v, "biomass") if not (fits and "retrofit" in TAGS[k])]
            return [(v, source, [], [source], gives, extent() or ("amount", steam("size-boiler-biomass")))]
        if kind == "network-heat":
            homes = m["replaces"] == "scattered-coal"
            v = "residential-heat" if homes else "industrial-steam"
            if m["replaces"] == "coal-boilers":
                tags = self.classes(m)
                groups = [self.tagged(v, tag) for tag in tags]
            else:
                groups = [self.tagged(v, "scattered" if homes else "boiler-gas")]
            source, how = sum(groups, []), extent()
            if "households" in m:
                how = ("amount", number(m["households"]))
            if "heated_area" in m:
                area = number(m["heated_area"])
                how = ("amount", area / PARAMETER["area-per-household"] if homes else area * PARAMETER["heat-per-area"] / PARAMETER["heat-per-steam"])
            if "capacity" in m:
                part = lambda: number(m["capacity"]) / sum(self.stock[tag, "t/h"] for tag in tags) * sum(self.S0[k] for k in source)
                how = ("amount", steam("")) if m["replaces"] == "gas-boilers" else ("of_service", part() / z(v))
            return [(v, source, [], groups, mix(v), how)]
        if kind in ("capacity-closure", "electric-steel"):
            v = {"clinker": "cement"}.get(m.get("product", "steel"), m.get("product", "steel"))
            fuelled = [k for k in TECH if OF[k] == v and not k.endswith(".saved") and "electric" not in TAGS[k]]
            if kind == "electric-steel":
                how = extent() or ("amount", number(m["output"]))
                return [(v, fuelled, [], [fuelled], {self.named(v, "eaf"): 1.0}, how)]
            gives = mix(v)
            plain = [k for k in fuelled if "plain" in TAGS[k]]
            others = [k for k in fuelled if k not in plain and k not in gives]
            output = number(m["output"]) if "output" in m else number(m["capacity"]) * runs(m["product"])
            output /= PARAMETER["clinker-per-cement"] if m["product"] == "clinker" else 1.0
            return [(v, plain, others, [plain + others], gives, ("amount", output))]
        if kind == "furnace-fuel-switch":
            v, gives = "other-industry", mix("other-industry")
            source = [k for k in self.tagged(v, m.get("fuel", "coal")) if k not in gives]
            coal = lambda: number(m["amount"]) / coefficient(source[0], ("coal", None)) * N[v]
            return [(v, source, [], [source], gives, extent() or ("amount", coal()))]
        if kind in ("rail-freight", "water-freight"):
            v = "freight"
            rail, trucks = self.tagged(v, kind.split("-")[0]), self.tagged(v, "truck")
            gives = {k: R[k][end] / has(rail) if has(rail) > 0 else 1 / len(rail) for k in rail}
            if "growth" in m:
                row = self.recorded.get(("rail-turnover", m["since"])) if kind == "rail-freight" else None
                t = self.years.index(m["since"]) if row is None else None
                turnover = float(row["value"]) * 1e8 if row else sum(R[k][t] for k in rail) * self.D[v][t] * N[v]
                how = ("reach", turnover * (1 + number(m["growth"])) / (self.D[v][end] * N[v]))
            else:
                how = ("amount", number(m["turnover"])) if "turnover" in m else extent()
            return [(v, trucks, [], [trucks], gives, how)]
        if kind == "ultra-low-retrofit":
            v = {"power": "thermal-power", "boilers": "industrial-steam"}.get(m["sector"], m["sector"])
            if m["sector"] == "boilers":
                tags = self.classes(m)
                plain = [k for k in self.tagged(v, "plain") if TAGS[k] & set(tags)]
                ule, left = has([k for k in self.tagged(v, "ule") if TAGS[k] & set(tags)]), has(plain)
                part = extent(lambda r: ("share", max(0.0, r * (ule + left) - ule) / left if left > 0 else 0.0))
                for key, unit in (("capacity", "t/h"), ("number", "boilers")):
                    if key in m:
                        stock = sum(self.stock[tag, unit] for tag in tags)
                        part = ("share", number(m[key]) / stock * sum(self.S0[k] for tag in tags for k in self.tagged(v, tag)) / z(v) / left)
                return [(v, [k], [], [], {k + "-ule": 1.0}, part) for k in plain if R[k][end] > 0]
            to = self.tagged(v, "retrofit" if m["sector"] == "other-industry" else "ule")
            source = [k for k in self.tagged(v, "plain", "treated") if k not in to]
            works = lambda: number(m["capacity"]) * (PARAMETER["hours-power-coal"] * 1000 if m["sector"] == "power" else runs(m["sector"]))
            return [(v, source, [], [], {to[0]: 1.0}, extent() or ("amount", works()))]
        if kind == "unit-closure":
            v = "thermal-power"
            coal, gives = self.tagged(v, "power-coal"), mix(v)
            plain = [k for k in coal if "plain" in TAGS[k]]
            others = [k for k in coal if k not in plain and k not in gives]
            hours = number(m["hours"]) if "hours" in m else PARAMETER["hours-power-coal"]
            return [(v, plain, others, [plain + others], gives, ("amount", number(m["capacity"]) * hours * 1000))]
        if kind in ("old-vehicle-retirement", "new-energy-vehicles", "fleet-renewal"):
            v, tag, group = ("freight", "truck", "trucks") if m["fleet"] == "trucks" else ("passenger-vehicles", "car", "passenger-vehicles")
            fleet = self.tagged(v, tag)
            how = extent(lambda r: ("reach", r * has(fleet)) if kind == "new-energy-vehicles" else ("reach", r))
            if "number" in m:
                stock = self.stock[group, "vehicles"] * self.D[v][end] / self.D[v][0]
                how = ("of_service", number(m["number"]) / stock * sum(self.S0[k] for k in fleet) / z(v))
            if kind == "new-energy-vehicles" and "sales" in m:
                to = [k for k in fleet if "nev" in TAGS[k]]
                source = [k for k in fleet if k not in to]
                course = self.turnover(m, v, tag, R, fleet, to[0], z(v))
                return [(v, source, [], [source], {to[0]: 1.0}, ("course", course))]
            if kind == "new-energy-vehicles":
                to = [k for k in fleet if "nev" in TAGS[k]]
                source = [k for k in fleet if k not in to]
                return [(v, source, [], [source], {to[0]: 1.0}, how)]
            if kind == "fleet-renewal":
                return [(v, [self.named(v, alias, vehicle) for alias in m["from"]], [], [], mix(v), how)]
            stages = ["stage-pre3", "stage-c3", "stage-c4", "stage-c5"]
            upto = stages[: stages.index("stage-" + m["up_to"]) + 1]
            return [(v, sum((self.tagged(v, stage) for stage in upto), []), [], [], mix(v), how)]
        if kind in ("sewage-expansion", "sewage-upgrade", "manure-utilisation"):
            v = {"manure-utilisation": "livestock"}.get(kind, ("rural" if m.get("area") == "rural" else "urban") + "-sewage")
            untreated = self.tagged(v, "untreated")
            rate = lambda r: ("of_service", max(0.0, r - (1 - has(untreated))))
            how = extent() if kind == "sewage-upgrade" else extent(rate)
            if "equipment" in m:
                how = rate(number(m["equipment"]) * (number(m["scale"]) if "scale" in m else PARAMETER["scale-farm-share"]))
            if "capacity" in m:
                how = ("amount", number(m["capacity"]) * 365 / PARAMETER["sewage-per-resident"])
            for key in ("persons", "heads"):
                how = ("amount", number(m[key])) if key in m else how
            source = [self.named(v, alias) for alias in m["from"]] if kind == "sewage-upgrade" else untreated
            return [(v, source, [], [], mix(v), how)]
        if kind == "voc-control":
            v = "solvents"
            alias = {"source": "voc-source", "end-of-pipe": "voc-end"}.get(m["approach"], "voc-both")
            if m["approach"] in ("leaks", "tanks"):
                alias = "voc-end"
            stages = ["plain", "voc-source", "voc-end"] if alias == "voc-both" else ["plain"]
            source, to, how = self.tagged(v, *stages), self.named(v, alias), extent()
            if "amount" in m:
                voc = ("VOCs", "physical")
                less = sum(R[k][end] * self.K[k, voc] for k in source) / has(source) - self.K[to, voc]
                how = ("of_service", number(m["amount"]) / (self.D[v][end] * less) / z(v))
            return [(v, source, [], [], {to: 1.0}, how)]
        if kind == "clean-ships":
            v = "freight"
            steps = {
                "low-sulphur": [("ship", "ship-low-sulphur"), ("ship-shore", "ship-both")],
                "shore-power": [("ship", "ship-shore"), ("ship-low-sulphur", "ship-both")],
                "both": [(k, "ship-both") for k in ("ship", "ship-low-sulphur", "ship-shore")],
                "lng": [(k, "ship-lng") for k in ("ship", "ship-low-sulphur", "ship-shore", "ship-both")],
            }[m["approach"]]
            pairs = [(self.named(v, a), self.named(v, b)) for a, b in steps]
            there = has({b for _, b in pairs})
            part = lambda r: ("share", max(0.0, r * has(self.tagged(v, "water")) - there) / has([a for a, _ in pairs]))
            return [(v, [a], [], [], {b: 1.0}, extent(part)) for a, b in pairs if R[a][end] > 0]
        if kind in ("sewer-network", "water-reuse"):
            v, reused = "urban-sewage", self.tagged("urban-sewage", "reused")
            source = [k for k in self.tagged(v, "treated") if k not in reused]
            rise = lambda r: ("share", max(0.0, r - number(m["now"])))
            to = reused[0]
            if kind == "sewer-network":
                source, to = [self.named(v, alias) for alias in m["from"]], "sewage.collected"
                rise = lambda r: ("share", max(0.0, r - number(m["now"])) / (1 - number(m["now"])))
            how = extent(rise)
            if "capacity" in m:
                how = ("amount", number(m["capacity"]) * 365 / PARAMETER["sewage-per-resident"])
            return [(v, source, [], [source], {to: 1.0}, how)]
        if kind == "fertiliser-reduction":
            return [("other-agriculture", ["agri.conventional"], [], [], {"agri.unfertilised": 1.0}, ("share", number(m["cut"])))]
        if kind == "aquaculture-tail-water":
            return [("other-agriculture", ["agri.conventional"], [], [], {"agri.tail-water": 1.0}, extent())]
        if kind in ("energy-efficiency", "industry-structure"):
            found = []
            for v in m["services"]:
                source = [k for k in TECH if OF[k] == v]
                if "technologies" in m:
                    source = [self.named(v, alias) for alias in m["technologies"]]
                how = ("share", number(m["gain" if kind == "energy-efficiency" else "cut"]))
                found.append((v, source, [], [source], {v + ".saved": 1.0}, how))
            return found
        if kind == "non-fossil-power":
            v = "thermal-power"
            source, to = self.tagged(v, "power-coal"), self.tagged(v, "nonfossil")
            how = extent()
            if "electricity" in m:
                how = ("amount", number(m["electricity"]))
            if "capacity" in m:
                hours = number(m["hours"]) if "hours" in m else PARAMETER["hours-" + m["energy"]]
                how = ("amount", number(m["capacity"]) * hours * 1000 * number(m.get("displaced", 1)))
            return [(v, source, [], [source], {to[0]: 1.0}, how)]
        v = {"non-road-renewal": "non-road", "industrial-wastewater-upgrade": "industrial-wastewater"}.get(kind) or m["service"]
        how = ("of_service", number(m["of_service"])) if "of_service" in m else extent()
        if "part" in m and "share" in m:
            how = ("share", number(m["share"]) * number(m["part"]))
        if "fuel" in m:
            how = ("amount", number(m["fuel"]))
        if "number" in m:
            how = ("amount", number(m["number"]) * (number(m["each"]) if "each" in m else PARAMETER["diesel-per-machine"]))
        if "capacity" in m:
            how = ("amount", number(m["capacity"]) * 365 / PARAMETER["wastewater-per-value-added"] * 1e8)
        return [(v, [self.named(v, alias) for alias in m["from"]], [], [], mix(v), how)]

    # 7, sales and the fleet
    def turnover(self, m, v, tag, R, fleet, nev, z):
        name, span = {"car": "cars", "truck": "trucks"}[tag], range(len(self.years))
        life, shape, before = LIFE[nev], PARAMETER["survival-shape-" + name], PARAMETER["fleet-growth-" + name]
        S = lambda i: math.exp(-((i / life) ** shape))
        every = [sum(R[k][t] for k in fleet) for t in span]
        N = [every[t] / every[0] for t in span]
        for t in span:
            for past in range(1, t + 1):
                N[t] *= 1 + self.growth(SERVICES[v]["driver"], self.years[past])
        ages = [S(i) * (1 + before) ** -i for i in range(60)]
        left = [sum(n * S(i + t) / S(i) for i, n in enumerate(ages) if S(i) > 0) / sum(ages) for t in span]
        s, sigma = [0.0] * len(N), [0.0] * len(N)
        r = [R[nev][t] / every[t] for t in span]
        for t in span[1:]:
            s[t] = max(0.0, N[t] - left[t] - sum(s[p] * S(t - p) for p in range(1, t)))
            rest = N[t] * r[t] - left[t] * r[0] - sum(s[p] * S(t - p) * sigma[p] for p in range(1, t))
            sigma[t] = rest / s[t] if s[t] > 0 else 0.0
        w, _, end = self.ramp(m)
        sales, of = number(m["sales"]), number(m.get("of_fleet", 1.0))
        if sales <= sigma[end]:
            return None
        e = [sum(s[p] * S(t - p) / N[t] * w[p] * max(0.0, sales - sigma[p]) for p in range(1, t + 1)) for t in span]
        c = sum(max(0.0, 13 - (month + PARAMETER["start-lag"])) for month in range(1, 13)) / 12 / 12
        course = lambda f: [of * every[t] * z * ((1 - f) * (e[t - 1] if t else 0.0) + f * e[t]) for t in span]
        return course(0.5), course(c)

    # 5
    def lay_out(self):
        measures = self.scenario.get("measures", {})
        span = range(len(self.years))
        flat = {k: [share] * len(self.years) for k, share in self.S0.items()}
        zones = {m["zone"] for m in measures.values() if "zone" in m}
        self.room = {None: {k: list(path) for k, path in flat.items()}}
        for zone in zones:
            self.room[zone] = {k: [s * self.zone[zone].get(OF[k], 0.0) for s in path] for k, path in flat.items()}
        self.moves, self.credited = {}, {}
        R = flat
        for policy in ("current", "new"):
            chosen = {name: m for name, m in measures.items() if m.get("policy", "new") == policy and m["type"] != "coal-cap"}
            late = ("biomass-boilers", "network-heat", "furnace-fuel-switch", "capacity-closure", "electric-steel", "coal-boiler-phaseout", "rail-freight", "water-freight", "unit-closure", "new-energy-vehicles", "energy-efficiency", "industry-structure", "non-fossil-power", "sewer-network", "water-reuse")
            for name, m in sorted(chosen.items(), key=lambda item: item[1]["type"] in late):
                self.moves[name] = self.compile(m, R)
                for move in self.moves[name]:
                    self.carry(m, policy, move)
            if policy == "current":
                R = {k: [self.S0[k] + sum(self.level(name) * change[t] for name in self.moves for change in self.changes(name, k)) for t in span] for k in OF}
                self.link(R)
        self.R = R
        for name, m in measures.items():
            if m["type"] == "coal-cap":
                self.cap(name, m)

    def level(self, name):
        return number(self.scenario["measures"][name].get("level", 1.0))

    def is_new(self, name):
        return self.scenario["measures"][name].get("policy", "new") == "new"

    def changes(self, name, k):
        for v, a, u, y in self.moves[name]:
            if OF[k] == v:
                yield [a[t] * (y.get(k, 0.0) - (u[k][t] if k in u else 0.0)) for t in range(len(self.years))]

    def carry(self, m, policy, move):
        v, a, u, y = move
        for zone, room in self.room.items():
            scale = 1.0
            if zone is not None and m.get("zone") != zone:
                if "zone" in m or policy == "new":
                    continue
                scale = self.zone[zone].get(v, 0.0)
            for t in range(len(self.years)):
                for k in set(u) | set(y):
                    change = a[t] * (y.get(k, 0.0) - (u[k][t] if k in u else 0.0))
                    room[k][t] += number(m.get("level", 1.0)) * scale * change

    def compile(self, m, R):
        w, credited, end = self.ramp(m)
        moves = []
        for v, source, reserve, groups, gives, (how, value) in self.shifts_of(m, R, end):
            pool = lambda t: [k for k in source if R[k][t] > 0] or [k for k in reserve if R[k][t] > 0]
            if self.D[v][end] <= 0 or not pool(end):
                continue
            z = self.zone[m["zone"]][v] if "zone" in m else 1.0
            if how == "course":
                if value is None:
                    continue
                full, (w, credited) = 1.0, value
            elif how == "share":
                full = value * sum(R[k][end] for k in source) * z
            elif how == "reach":
                full = max(0.0, value - sum(R[k][end] for k in gives)) * z
            elif how == "of_service":
                full = value * z
            else:
                full = value / (self.D[v][end] * N[v])
            a = [full * part for part in w]
            u = {k: [0.0] * len(w) for k in source + reserve}
            for t in range(len(w)):
                year = t if pool(t) else end
                left = sum(R[k][year] for k in pool(year))
                for k in pool(year):
                    u[k][t] = R[k][year] / left
                moved = number(m.get("level", 1.0)) * a[t]
                for group in groups if moved > 0 else []:
                    self.stand_in(m.get("zone"), group, moved, t, u)
            self.credited[id(a)] = [full * part for part in credited]
            moves.append((v, a, u, gives))
        return moves

    def stand_in(self, zone, group, moved, t, u):
        def room(k):
            every = max(0.0, self.room[None][k][t])
            return every if zone is None else min(every, max(0.0, self.room[zone][k][t]))

        over = {k: moved * u[k][t] - room(k) for k in group if k in u}
        short = sum(max(0.0, o) for o in over.values())
        spare = sum(max(0.0, -o) for o in over.values())
        if short <= 1e-9:
            return
        found = min(short, spare)
        for k, o in over.items():
            if o > 0:
                u[k][t] -= o / moved * found / short
            elif o < 0 and spare > 0:
                u[k][t] += found * -o / spare / moved

    # 8
    def link(self, R):
        self.phi = []
        for t in range(len(self.years)):
            f = {(v, q): 0.0 for v in SERVICES for q in ACCOUNTS}
            B = defaultdict(float)
            for k, v in OF.items():
                for q in ACCOUNTS:
                    f[v, q] += R[k][t] * self.K[k, q]
                for other, used in LINK[k].items():
                    B[v, other] += R[k][t] * used
            phi = dict(f)
            for _ in range(200):  # converges: a service takes a small part of another
                phi = {(v, q): f[v, q] + sum(b * phi[other, q] for (of, other), b in B.items() if of == v) for v, q in f}
            self.phi.append(phi)

    def unit(self, name, k, q, t):
        linked = LINK[k].items() if self.is_new(name) else ()
        return self.K[k, q] + sum(used * self.phi[t][v, q] for v, used in linked)

    def share(self, k, t):
        return self.S0[k] + sum(self.level(name) * change[t] for name in self.moves for change in self.changes(name, k))

    def emission(self, q, t):
        total = sum(self.D[v][t] * self.S0[k] * self.K[k, q] for k, v in OF.items())
        for name, moves in self.moves.items():
            for v, a, u, y in moves:
                moved = self.credited.get(id(a), a) if q[1] == "accounted" else a
                for k in set(u) | set(y):
                    part = y.get(k, 0.0) - (u[k][t] if k in u else 0.0)
                    if moved[t] and part:
                        total += self.level(name) * self.D[v][t] * moved[t] * part * self.unit(name, k, q, t)
        return total

    # 10
    def cap(self, name, m):
        q, span = ("coal", None), range(len(self.years))
        w, _, end = self.ramp(m)
        coal = [self.emission(q, t) for t in span]
        start = min(map(int, m["points"])) if "points" in m else m["start"]
        if "cap" in m:
            text = m["cap"]
            cap = number(text) * (1 if "标" in text or "tce" in text else PARAMETER["tce-per-t-coal"])
        else:
            base = m.get("base_year", max(2015, (start - 1) // 5 * 5))
            cap = coal[self.years.index(base)] * (1 - number(m["reduction"]))
        users = [k for k in TECH if coefficient(k, q) > 0]
        S = {k: [max(0.0, self.share(k, t)) for t in span] for k in users}
        self.moves[name] = []
        takes = [sum(self.D[OF[k]][t] * S[k][t] * self.unit(name, k, q, t) for k in users) for t in span]
        part = [max(0.0, coal[t] - cap) / takes[t] if t >= end else 0.0 for t in span]
        for t in range(end):
            part[t] = part[end] * w[t]
        for k in users:
            self.moves[name].append((OF[k], [part[t] * S[k][t] for t in span], {k: [1.0] * len(w)}, {OF[k] + ".saved": 1.0}))

    # 11
    def join(self):
        self.H = {q: [self.emission(q, t) for t in range(len(self.years))] for q in ACCOUNTS}
        seen = defaultdict(list)
        for o in self.scenario.get("observed", {}).values():
            name = o["indicator"].removesuffix("-per-GDP")
            rules = POLLUTANTS.get(name, {}).get("accounting") == "rules"
            q = (name, None if name in ("coal", "energy") else "accounted" if rules else "physical")
            t = self.years.index(o["year"])
            index = self.I[t] if o["indicator"].endswith("per-GDP") else 1.0
            seen[q].append((t, self.H[q][0] * (1 - number(o["reduction"])) * index))
        offset = self.scenario["scenario"].get("harmonise") == "offset"
        for q, points in seen.items():
            E = list(self.H[q])
            knots = [(0, 0.0 if offset else 1.0)]
            knots += [(t, value - E[t] if offset else value / E[t]) for t, value in sorted(points)]
            for t in range(len(E)):
                after = next((i for i, knot in enumerate(knots) if knot[0] >= t), None)
                if after is None:
                    r = knots[-1][1]
                elif after == 0:
                    r = knots[0][1]
                else:
                    (t0, r0), (t1, r1) = knots[after - 1], knots[after]
                    r = r0 + (r1 - r0) * (t - t0) / (t1 - t0)
                self.H[q][t] = E[t] + r if offset else E[t] * r

    # 12
    def indicators(self):
        found = {}
        for row in table("indicators.csv"):
            if row["kind"] == "share":
                rail = [k for k in TECH if OF[k] == row["per"] and row["of"] in TAGS[k]]
                found[row["id"], None] = [sum(self.share(k, t) for k in rail) for t in range(len(self.years))]
                continue
            for q in ACCOUNTS:
                if q[0] == row["of"]:
                    path = self.H[q]
                    found[row["id"], q[1]] = [e / path[0] / i for e, i in zip(path, self.I)] if row["kind"] == "intensity" else path
        return found


def main():
    program, path, *region = sys.argv[1:]
    ours = Region(merged(path), *region).indicators()
    with tempfile.TemporaryDirectory() as results:
        command = [program, "run", path, "--json", "--out", results]
        command += ["--region", region[0]] if region else []
        run = subprocess.run(command, capture_output=True, text=True)
    if run.returncode > 1:
        sys.exit(run.stderr)
    worst, cells = (0.0, ""), 0
    for row in json.loads(run.stdout)["indicators"]:
        book = row["book"] if (row["indicator"], row["book"]) in ours else None
        if (row["indicator"], book) not in ours:
            book = "physical"
        mine = ours[row["indicator"], book]
        for t, theirs in enumerate(row["values"]):
            cells += 1
            off = abs(mine[t] - theirs) / max(abs(theirs), 1e-9)
            worst = max(worst, (off, f"{row['indicator']} {row['book']} {2015 + t}: {mine[t]!r} here, {theirs!r} by the program"))
    where = " of ".join([path, *region])
    print(f"{where}: {cells} numbers, largest relative difference {worst[0]:.1e} ({worst[1]})")
    sys.exit(worst[0] > 1e-9)


if __name__ == "__main__":
    main()
