"""What a release says of itself to programs: Data Package, Croissant, Psych-DS, and how it is cited."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from hypnic.schemas import PUBLISHED, columns

# How Psych-DS wants a file of data to be called.
PSYCH_DS = re.compile(r"([a-z]+-[a-zA-Z0-9]+)(_[a-z]+-[a-zA-Z0-9]+)*_data\.csv")


@pytest.fixture(scope="module")
def package(release: Path) -> dict[str, dict]:
    """Give the resources of the Data Package by their names."""
    said = json.loads((release / "datapackage.json").read_text("utf-8"))
    return {one["name"]: one for one in said["resources"]}


def fields(resource: dict) -> dict[str, dict]:
    return {field["name"]: field for field in resource["schema"]["fields"]}


def test_every_table_has_its_hash_its_key_and_points_to_its_people(package, release: Path) -> None:
    sums = dict(line.split("  ")[::-1] for line in (release / "SHA256SUMS").read_text().splitlines())
    for resource in package.values():
        assert resource["hash"] == f"sha256:{sums[resource['path']]}"
        assert resource["bytes"] == (release / resource["path"]).stat().st_size
    assert package["nights"]["schema"]["primaryKey"] == ["participant_id", "night_index"]
    assert package["nights"]["schema"]["foreignKeys"] == [
        {"fields": ["participant_id"], "reference": {"resource": "participants", "fields": ["participant_id"]}}
    ]


def test_a_field_says_its_question_its_levels_and_what_an_empty_cell_means(package) -> None:
    nights, people = fields(package["nights"]), fields(package["participants"])
    assert nights["exercise_intensity"]["categories"][0] == {"value": "none", "label": "none"}
    assert nights["exercise_intensity"]["categoriesOrdered"] is True
    assert nights["unusual_night"]["categoriesOrdered"] is False
    assert nights["caffeine_last_clock_h"]["missingValues"][0]["value"] == ""
    assert nights["caffeine_last_clock_h"]["missingValues"][0]["label"].startswith("not asked or")
    assert people["gad2_q1"]["source"].startswith("GAD-2: Kroenke")
    assert people["gad2_q1"]["categories"][3] == {"value": 3, "label": "nearly every day"}
    labels = {one["value"]: one["label"] for one in people["country_code"]["categories"]}
    assert (labels["NAM"], labels["M49-155"]) == ("Namibia", "Western Europe")


def test_every_column_of_the_instrument_is_described_with_its_title(package) -> None:
    for name, model in PUBLISHED.items():
        assert {c.name: c.title for c in columns(model).values()} == {
            field["name"]: field["title"] for field in package[name]["schema"]["fields"]
        }


def test_croissant_names_each_file_each_column_and_where_its_tables_meet(release: Path) -> None:
    said = json.loads((release / "croissant.json").read_text("utf-8"))
    assert said["conformsTo"] == "http://mlcommons.org/croissant/1.0"
    assert re.fullmatch(r"\d+\.\d+\.\d+", said["version"])
    files = {one["@id"]: one["contentUrl"] for one in said["distribution"]}
    for record in said["recordSet"]:
        with (release / files[f"{record['name']}.csv"]).open(encoding="utf-8", newline="") as file:
            assert next(csv.reader(file)) == [field["name"] for field in record["field"]]
    nights = next(record for record in said["recordSet"] if record["name"] == "nights")
    assert nights["field"][0]["references"] == {"field": {"@id": "participants/participant_id"}}


def test_the_rules_of_psych_ds_hold(release: Path) -> None:
    said = json.loads((release / "dataset_description.json").read_text("utf-8"))
    assert {"@context", "@type", "name", "description", "variableMeasured"} <= said.keys()
    assert {"author", "citation", "license", "keywords"} <= said.keys()  # what it recommends, where there is any
    assert (said["@context"], said["@type"]) == ("https://schema.org/", "Dataset")
    variables = {one["name"] for one in said["variableMeasured"]}
    assert len(variables) == len(said["variableMeasured"])
    tables = sorted((release / "data").glob("*.csv"))
    assert len(tables) == 5
    for path in tables:
        assert PSYCH_DS.fullmatch(path.name), path.name
        with path.open(encoding="utf-8", newline="") as file:
            assert set(next(csv.reader(file))) <= variables


def test_the_citation_file_is_valid(release: Path) -> None:
    command = [str(Path(sys.executable).parent / "cffconvert"), "--validate", "-i", str(release / "CITATION.cff")]
    run = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    assert run.returncode == 0, run.stdout + run.stderr


def test_zenodo_is_told_type_licence_and_version(release: Path) -> None:
    said = json.loads((release / ".zenodo.json").read_text("utf-8"))
    assert (said["upload_type"], said["license"], said["version"]) == ("dataset", "cc-zero", "1.0.0")


def test_the_licence_is_the_whole_text(release: Path) -> None:
    text = (release / "LICENSE").read_text("utf-8")
    assert "CC0 1.0 Universal" in text
    assert "Limitations and Disclaimers" in text


def test_the_scripts_name_files_and_columns_that_are_there(release: Path, package) -> None:
    for script in ("load.R", "load.do", "load.sps"):
        text = (release / script).read_text("utf-8")
        named = set(re.findall(r"study-\w+_table-\w+_data\.\w+", text))
        assert len(named) == 5
        assert named <= {path.name for path in (release / "data").iterdir()}
    r = (release / "load.R").read_text("utf-8")
    assert all(f"    {name} = col_" in r for name in fields(package["participants"]))
    assert "ordered = TRUE" in r


def test_the_script_for_stata_may_be_run_twice(release: Path) -> None:
    """A frame can be made once: each is dropped first, from another frame, since the one in use cannot be."""
    lines = (release / "load.do").read_text("utf-8").splitlines()
    made = [line.split()[2] for line in lines if line.startswith("frame create ")]
    assert made == ["participants", "nights", "missingness", "participant_choices", "flags"]
    for name in made:
        before = lines[: lines.index(f"frame create {name}")]
        assert before[-1] == f"capture frame drop {name}"
        assert [line for line in before if line.startswith("frame change")] == ["frame change default"]
