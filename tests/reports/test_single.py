"""One person's page says once what stands out, or that nothing does; the numbers are in its table."""

from __future__ import annotations

import polars as pl

from hypnic.analysis.single import SPLITS, single_person
from hypnic.reports.single import OnePerson, one_person

NIGHTS = 24


def page(**columns: list[float]) -> OnePerson:
    """Make the page of a diary in which nothing but some columns varies."""
    none = {column: [0.0] * NIGHTS for _, column, _ in SPLITS if column != "slept_before_h"}
    facts = none | {"tst_h": [7.0] * NIGHTS, "jerk_count": [0] * NIGHTS} | columns
    nights = pl.DataFrame({"participant_id": ["p"] * NIGHTS, "night_index": range(1, NIGHTS + 1)} | facts)
    return one_person(single_person(nights))


def test_a_diary_in_which_nothing_stands_out_says_so_once() -> None:
    made = page(
        alcohol_g=[10.0, 0.0] * 12, caffeine_after_14_mg=[100.0, 100.0, 0.0, 0.0] * 6, jerk_count=[1, 1, 1, 0] * 6
    )
    assert made.sentences[0] == "Nothing here stands out: chance alone could easily make each of these differences."
    assert sum("chance alone" in one.lower() for one in made.sentences) == 1


def test_what_chance_would_seldom_make_is_said_with_its_nights() -> None:
    irregular = [float(night in {1, 2, 5, 9, 10, 16, 18, 23}) for night in range(NIGHTS)]
    made = page(alcohol_g=[10 * one for one in irregular], jerk_count=[int(one) for one in irregular])
    assert made.sentences[0] == (
        "With alcohol: a jerk on 8 of 8 nights; none: on 0 of 16. Chance alone would seldom make such a difference (p"
        " 0.042)."
    )


def test_the_table_tells_how_often_a_doubling_would_be_found_and_what_was_alike_is_not_compared() -> None:
    made = page(alcohol_g=[10.0, 0.0] * 12, jerk_count=[1, 1, 1, 0] * 6)
    assert made.table.header[-1] == "Would find a doubling"
    cells = {row[0]: row[-1].replace("\N{NO-BREAK SPACE}", " ") for row in made.table.rows}
    assert cells["Alcohol"].endswith(" %")
    assert cells["Caffeine after 14:00"] == "–"
    assert (
        "Caffeine after 14:00: all nights were alike (none after 14:00), so there is nothing to compare."
        in made.sentences
    )
