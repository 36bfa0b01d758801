"""Shares are named once, in words that say of whom each is one."""

from __future__ import annotations

import tomllib
from importlib import resources

import pytest

from hypnic.analysis.studies.diary import DIARY
from hypnic.analysis.studies.survey import SURVEY
from hypnic.reports.shares import named

ASKED = [(one.name, share.name) for one in (DIARY, SURVEY) for share in one.said]


@pytest.mark.parametrize(("design", "name"), ASKED)
def test_every_share_of_the_forms_has_words_of_its_own(design: str, name: str) -> None:
    assert named(design, name).of != "those who answered"
    assert "-" not in named(design, name).words.replace("Z-drug", "")


def test_nothing_is_named_that_no_form_asks() -> None:
    text = resources.files("hypnic.reports").joinpath("texts/shares.toml").read_text("utf-8")
    said = [(design, name) for design, of in tomllib.loads(text).items() for names in of.values() for name in names]
    assert sorted(said) == sorted(ASKED)
