"""Scenarios: files, dicts, what is set over them, and what is wrong with them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import ROOT, command

import jianpai as jp

PLANNED = "shaanxi-15fyp-planned"


def test_what_is_set_is_what_a_file_says(tmp_path: Path) -> None:
    """`set` against a file that extends the scenario, run by the command."""
    parent = ROOT / "scenarios" / f"{PLANNED}.toml"
    sc = jp.load(parent)
    measure = sc.measures[-1]
    file = tmp_path / f"{PLANNED}.toml"
    file.write_text(
        f'[scenario]\nextends = "{parent}"\n[growth]\ngdp = "4.5 %"\n[measures.{measure}]\nlevel = "60 %"\n',
        encoding="utf-8",
    )
    said = command("run", "--json", "--dry", str(file))
    assert said.returncode == 0, said.stderr
    new = sc.set(measures={measure: {"level": "60 %"}}, growth={"gdp": "4.5 %"})
    assert new.id == PLANNED
    assert new.run().json() == said.stdout
    by_steps = sc.set(growth={"gdp": "9 %"}).set(measures={measure: {"level": "60 %"}}).set(growth={"gdp": "4.5 %"})
    assert by_steps.run().json() == said.stdout
    # Names of planners stand for ids, as in files.
    tables: dict[str, Any] = {"增长": {"gdp": "4.5 %"}, "措施": {measure: {"level": "60 %"}}}
    chinese = sc.set(**tables)
    assert chinese.run().json() == said.stdout
    # It is another one: the first is as it was.
    assert sc.run().json() == jp.load(parent).run().json()


def test_a_dict_is_what_a_file_is() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    toml = text.split("```toml")[1].split("```")[0]
    told = {
        "scenario": {
            "name_zh": "陕西省示例",
            "name_en": "Shaanxi, an example",
            "extends": "base/current-policy-13fyp.toml",
            "region": "shaanxi",
        },
        "targets": {"so2": {"indicator": "SO2", "year": np.int64(2020), "reduction": "15 %"}},
        "measures": {
            "boilers": {
                "type": "coal-boiler-phaseout",
                "zone": "shaanxi-guanzhong",
                "up_to": "35 t/h",
                "share": "95 %",
                "to": {"gas": "60 %", "district": "40 %"},
                "start": 2016,
                "end": 2020,
            },
            "rail": {"type": "rail-freight", "growth": "25 %", "since": 2017, "start": 2018, "end": 2020},
        },
    }
    assert jp.scenario(toml).run().json() == jp.scenario(told).run().json()
    chinese = json.loads(json.dumps(told, default=int))
    chinese["measures"]["rail"]["类型"] = chinese["measures"]["rail"].pop("type")
    chinese["措施"] = chinese.pop("measures")
    assert jp.scenario(chinese).run().json() == jp.scenario(told).run().json()


def test_a_typo_is_told_by_its_path() -> None:
    sc = jp.builtin(PLANNED)
    measure = sc.measures[-1]
    with pytest.raises(jp.ScenarioError) as found:
        sc.set(measures={measure: {"levle": "60 %"}}, growth={"gpd": "5 %", "industry": "5"})
    error = found.value
    paths = {item.path: item for item in error.diagnostics}
    assert f"measures.{measure}.levle" in paths
    assert "growth.gpd" in paths
    assert paths["growth.gpd"].line is None and paths["growth.gpd"].file is None
    assert "level" in (paths[f"measures.{measure}.levle"].help or "")
    assert f"--> measures.{measure}.levle" in str(error)
    assert "growth.gpd" in str(error)
    with pytest.raises(jp.ScenarioError) as found:
        sc.set(nothing={"a": 1})
    assert found.value.diagnostics[0].path == "nothing"
    with pytest.raises(TypeError, match=r"measures\.x\.level: .*NoneType"):
        sc.set(measures={"x": {"level": None}})
    with pytest.raises(ValueError, match=r"growth\.gdp: "):
        sc.set(growth={"gdp": float("nan")})


def test_strange_texts_stay_what_they_are() -> None:
    sc = jp.builtin(PLANNED)
    name = 'a "quoted" \\ name\n\t\x01 与中文 \U0001f30d'
    new = sc.set(scenario={"name_en": name, "name_zh": name})
    assert new.name == name
    with pytest.raises(jp.ScenarioError) as found:
        sc.set(growth={'a "b"\n.c': "5 %"})
    assert found.value.diagnostics[0].path == 'growth.a "b"\n.c'


def test_a_file_is_told_by_its_line(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text('[scenario]\nregion = "shaanxy"\n', encoding="utf-8")
    with pytest.raises(jp.ScenarioError) as found:
        jp.load(file)
    item = next(item for item in found.value.diagnostics if "shaanxy" in item.message)
    assert (item.file, item.line, item.path) == (str(file), 2, None)
    assert item.severity == "error"
    said = command("check", str(file), "--json")
    assert item.code in said.stdout
    jp.set_language("zh")
    with pytest.raises(jp.ScenarioError) as found:
        jp.load(file)
    assert "错误" in str(found.value)
    with pytest.raises(jp.ScenarioError) as found:
        jp.load(tmp_path / "none.toml")
    assert found.value.diagnostics[0].code == "cannot-open"


def test_names_that_are_none_have_near_ones() -> None:
    with pytest.raises(jp.ScenarioError, match="shaanxi-15fyp-planned"):
        jp.builtin("shaanxi-15fyp-planed")
    with pytest.raises(jp.ScenarioError, match="hebei"):
        jp.builtin("provinces", region="hebe")
    run = jp.builtin(PLANNED).run()
    with pytest.raises(jp.ScenarioError, match="indices"):
        run.figure("indizes")
    with pytest.raises(KeyError, match="target"):
        run.targets["tarket"]


def test_another_region_is_called_by_it() -> None:
    sc = jp.builtin("provinces", region="hebei")
    assert (sc.id, sc.region) == ("provinces-hebei", "hebei")
    said = command("run", "--json", "--dry", "scenarios/provinces.toml", "--region", "hebei")
    assert sc.run().json() == said.stdout


def test_tables_have_columns_units_and_html() -> None:
    run = jp.builtin(PLANNED).run()
    table = run.targets
    assert len(table) == len(table["target"]) == len(jp.builtin(PLANNED).targets)
    assert isinstance(table["required"], np.ndarray)
    frame = table.to_pandas()
    assert list(frame.columns) == table.columns
    assert frame.attrs["units"] == table.units
    document = json.loads(run.json())
    for row, told in enumerate(document["tables"]["targets"]["rows"]):
        for key in table.columns:
            value, wanted = table[key][row], told[key]
            if isinstance(wanted, dict):
                assert value == wanted["en"]
            elif wanted is None:
                assert value is None or np.isnan(value)
            else:
                assert value == wanted
    html = run._repr_html_()
    assert html.count("<table>") == html.count("</table>") >= 2
    assert run.figure("indices")._repr_svg_().startswith("<svg") or "<svg" in run.figure("indices").svg


def test_a_trajectory_is_what_the_document_says() -> None:
    run = jp.builtin(PLANNED).run()
    table = run.trajectory
    rows: dict[tuple[str, str], list[int]] = {}
    for row in range(len(table)):
        rows.setdefault((table["indicator"][row], table["book"][row]), []).append(row)
    told = json.loads(run.json())["indicators"]
    for one in told:
        at = rows.get((one["indicator"], one["book"]))
        if at is None:
            # One account serves for both books.
            assert one["book"] == "physical" and (one["indicator"], "accounted") in rows
            continue
        assert list(table["year"][at]) == one["years"]
        units = {table.units["value"][row] for row in at}
        assert units == {one["unit"]}
        for key in ["value", "no_measures", "current_policy"]:
            assert list(table[key][at]) == one["values" if key == "value" else key]
    assert len(rows) >= len(told) / 2


def test_explain_diff_solve_and_options_are_those_of_the_command_line() -> None:
    path = f"scenarios/{PLANNED}.toml"
    said = command("explain", path, "NOx", "2030", "--json")
    answer = jp.load(ROOT / path).run().explain("NOx", 2030)
    ours, theirs = json.loads(answer.json()), json.loads(said.stdout)
    assert ours.keys() == theirs.keys() and len(answer.tables) >= 1
    answer = jp.builtin(PLANNED).run().explain("氮氧化物", 2030)
    assert answer.json() == said.stdout
    with pytest.raises(jp.ScenarioError, match="2025|2030"):
        jp.builtin(PLANNED).run().explain("NOx", 2052)
    with pytest.raises(jp.ScenarioError, match="NOx"):
        jp.builtin(PLANNED).run().explain("NOz", 2030)
    weak = "scenarios/shaanxi-15fyp-weak.toml"
    a, b = jp.builtin("shaanxi-15fyp-weak"), jp.builtin(PLANNED)
    for table in ["inputs", "outputs", "explanation", "verdicts"]:
        said = command("diff", weak, path, "--table", table, "--csv")
        assert jp.diff(a, b)[table].to_csv().decode() == said.stdout, table
    said = command("solve", "scenarios/shaanxi-2020.toml", "--json")
    solved = jp.builtin("shaanxi-2020").solve()
    assert solved.json() == said.stdout
    assert solved.feasible is True and solved.toml
    file = "scenarios/options/shaanxi-2025.toml"
    said = command("options", file, "--json", "--draws", "200")
    assert jp.builtin("options/shaanxi-2025").options(draws=200).json() == said.stdout


def test_a_diff_of_what_is_set_tells_the_path() -> None:
    sc = jp.builtin(PLANNED)
    found = jp.diff(sc, sc.set(growth={"gdp": "4 %"}))["inputs"]
    assert list(found["id"]) == ["gdp"]
    assert found.to_dict()["b"] == ["4 %"] or "4" in str(found.to_dict())
