"""What is sent in two files is named once for each, and never hides what else is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import hypnic

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Save = Callable[..., Path]
    Row = dict[str, str]


def test_the_same_file_given_twice_is_one_finding(diary: list[Row], save: Save) -> None:
    path = save("nights", diary)
    found = hypnic.check(path, path)
    assert found.select("rule", "level", "cell", "message").rows() == [
        ("repeated", "error", "B2", "the file repeats all 12 rows of nights.csv")
    ]


def test_nights_of_an_earlier_file_are_one_finding_at_the_first_of_them(diary: list[Row], save: Save) -> None:
    first = save("nights", diary).rename(save("nights", diary).with_name("week1.csv"))
    again = [night | {"night_index": str(n)} for n, night in enumerate(diary, 11)]
    found = hypnic.check(first, save("nights", again))
    assert found.select("file", "rule", "cell", "message").rows() == [
        ("nights.csv", "repeated", "B2", "the file repeats 2 rows of week1.csv")
    ]


def test_a_participant_of_an_earlier_file_is_found_and_another_is_not(person: Row, save: Save, tmp_path: Path) -> None:
    first = save("participants", [person]).rename(tmp_path / "spring.csv")
    other = person | {"participant_id": "p_zzzzzzzzzzzzzzzz"}
    assert hypnic.check(first, save("participants", [other])).is_empty()
    found = hypnic.check(first, save("participants", [other, person]))
    assert found.select("rule", "line", "message").rows() == [
        ("repeated", 3, "the file repeats all 1 row of spring.csv")
    ]


def test_what_else_is_wrong_with_a_repeated_row_is_still_found(diary: list[Row], save: Save, tmp_path: Path) -> None:
    first = save("nights", diary).rename(tmp_path / "week1.csv")
    diary[0]["stress_0_10"] = "11"
    diary[1]["night_index"] = "1"
    found = hypnic.check(first, save("nights", diary))
    assert found["rule"].to_list() == ["repeated", "range", "N01"]
