"""Holds a results table against the code list and the units that ship with it.

    python3 tests/iamc/validate.py data/iamc TRAJECTORY.csv ...

Needs pyam-iamc, nomenclature-iamc and pint. Exit code 3 where they are not installed.
"""

import sys
from pathlib import Path

try:
    import nomenclature
    import pint
    import pyam
except ImportError as error:
    print(f"not installed: {error.name}")
    sys.exit(3)


def units(folder, frame):
    """Every unit is known to pint, as an amount of its own substance a year."""
    registry = pint.UnitRegistry()
    registry.load_definitions(folder / "units.txt")
    for unit in frame.unit:
        if unit == "":
            continue
        quantity = registry.Quantity(1.0, unit)
        words = unit.split("/")[0].split()
        assert "[time]" in quantity.dimensionality, unit
        if words[0] in ("Mt", "kt"):
            scale = {"Mt": 1e6, "kt": 1e3}[words[0]]
            whole = quantity.to(f"metric_ton * {words[1]} / year").magnitude
            assert abs(whole / scale - 1.0) < 1e-12, (unit, whole)
    try:
        registry.Quantity(1.0, "Mt SO2/yr").to("Mt NO2/yr")
    except pint.DimensionalityError:
        return
    raise AssertionError("SO2 and NO2 can be added")


def main():
    folder, tables = Path(sys.argv[1]), sys.argv[2:]
    definition = nomenclature.DataStructureDefinition(folder / "definitions")
    for table in tables:
        frame = pyam.IamDataFrame(table)
        definition.validate(frame)
        units(folder, frame)
        for variable in frame.variable:
            if any(other.startswith(variable + "|") for other in frame.variable):
                wrong = frame.check_aggregate(variable)
                assert wrong is None, (table, variable, wrong)
    print(f"{len(tables)} tables hold")


main()
