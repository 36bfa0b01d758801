"""A release without what writes it says so in one line."""

from __future__ import annotations

import sys

import pytest

import hypnic
from hypnic.datasets.release import folder, write_release


def test_a_library_that_is_missing_is_named_with_what_installs_it(contents, monkeypatch, tmp_path) -> None:
    monkeypatch.setattr(folder, "find_spec", lambda name: None if name == "xlsxwriter" else name)
    with pytest.raises(hypnic.HypnicError, match=r"a release needs xlsxwriter; .*'hypnic\[release\]'"):
        write_release(contents, tmp_path)


def test_the_dictionary_needs_no_names_of_countries(monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "pycountry", None)
    row = hypnic.dictionary("participants").filter(column="country_code").row(0, named=True)
    assert row["labels"][row["levels"].index("DE")] == "DE"
