"""The sheets that a study team hands out: what is committed is what the forms say, and what is theirs is marked."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from importlib.resources import files
from typing import TYPE_CHECKING

import pytest

from hypnic.schemas import TABLES
from hypnic.schemas.publish.handout import as_information, as_questionnaire
from hypnic.schemas.publish.translation import languages
from hypnic.schemas.publish.xlsform import write_xlsform

if TYPE_CHECKING:
    from pathlib import Path

SHEETS = {"information": as_information, "questionnaire": as_questionnaire}
FIELDING = files("hypnic.schemas") / "fielding"
EACH = pytest.mark.parametrize("code", languages())


@EACH
@pytest.mark.parametrize("sheet", SHEETS)
def test_the_committed_sheet_is_up_to_date(sheet: str, code: str) -> None:
    assert (FIELDING / f"{sheet}.{code}.md").read_text("utf-8") == SHEETS[sheet](code)


@EACH
def test_a_sheet_says_what_the_team_must_fill_in_and_whether_a_speaker_has_read_it(code: str) -> None:
    page = as_information(code)
    assert "CC0" in page
    assert page.count("[TEAM: ") == 4  # three of the text, and the one that explains the mark
    assert ("Unreviewed" in page) == (code != "en")


def test_the_protocol_fills_in_fields_that_the_forms_have(tmp_path: Path) -> None:
    from pyxform.xls2xform import convert

    page = (FIELDING / "protocol.md").read_text("utf-8")
    nodes = set()
    for table in TABLES:
        write_xlsform(table, tmp_path / f"{table}.xlsx")
        made = ET.fromstring(str(convert(tmp_path / f"{table}.xlsx", validate=False).xform))  # noqa: S314 -- made here
        nodes |= {bind.get("nodeset") for bind in made.iter("{http://www.w3.org/2002/xforms}bind")}
    linked = set(re.findall(r"d\[([\w/]+)\]", page))
    assert len(linked) == 5
    assert linked <= nodes
    assert len(page.splitlines()) < 70


def test_no_sheet_has_the_words_of_a_protected_questionnaire() -> None:
    said = " ".join(as_questionnaire(code).casefold() for code in languages())
    protected = (
        "drink containing alcohol",
        "alkoholisches getränk",
        "boisson contenant de l'alcool",
        "bebida alcohólica",
    )
    assert [words for words in protected if words in said] == []
