"""A frozen comparison can be fitted by anyone, to a study or to tables of their own."""

from __future__ import annotations

import re

import polars as pl
import pytest

import hypnic
from hypnic.analysis import estimand, questions, study, tidy_nights
from hypnic.errors import HypnicError

DEMO = study("demo")
# As they were typed, as the study has them: a release is coarser.
NIGHTS, PEOPLE, FLAGS = (
    hypnic.load(table, study="demo", version="unreleased") for table in ("nights", "participants", "flags")
)
CAFFEINE, STRESS = estimand("diary", "caffeine"), estimand("survey", "stress")


NUMBERS = pl.selectors.numeric()


def coefficient(fitted) -> float:
    row = fitted.tidy().row(0 if fitted.names[0] != "(Intercept)" else 1, named=True)
    return row["estimate"]


def test_it_is_the_primary_row_of_the_study():
    primary = next(one for one in questions(DEMO.sets[0]) if one.estimand.exposure == "caffeine")
    ours = CAFFEINE.fit(DEMO)
    assert ours.tidy().equals(primary.fit().tidy())
    assert CAFFEINE.fit(DEMO.sets[0]).params.tolist() == ours.params.tolist()
    assert ours.names[0] == "caffeine"


OWN = {
    "nights and participants": lambda c: c.fit(NIGHTS, PEOPLE),
    "with flags": lambda c: c.fit(NIGHTS, participants=PEOPLE, flags=FLAGS),
    "lazy": lambda c: c.fit(NIGHTS.lazy(), PEOPLE.lazy()),
    "pandas": lambda c: c.fit(NIGHTS.to_pandas(), PEOPLE.to_pandas()),
    "pyarrow": lambda c: c.fit(NIGHTS.to_arrow(), PEOPLE.to_arrow()),
    "tidy": lambda c: c.fit(tidy_nights(NIGHTS.lazy(), PEOPLE.lazy())),
    "NaN for null": lambda c: c.fit(NIGHTS.with_columns(NUMBERS.cast(pl.Float64).fill_null(float("nan"))), PEOPLE),
}  # fmt: skip


@pytest.mark.parametrize("kind", OWN)
def test_tables_of_ones_own_give_what_the_study_gives(kind):
    assert coefficient(OWN[kind](CAFFEINE)) == pytest.approx(coefficient(CAFFEINE.fit(DEMO)), rel=1e-9)


@pytest.mark.parametrize("make", [lambda frame: frame, pl.DataFrame.to_pandas])
def test_a_survey_is_one_table(make):
    assert coefficient(STRESS.fit(make(PEOPLE))) == pytest.approx(coefficient(STRESS.fit(DEMO)), rel=1e-9)


def test_flagged_rows_are_left_out_where_they_are_named():
    some = NIGHTS.head(7).select("participant_id", "night_index", rule=pl.lit("N20"))
    out = pl.col("participant_id").is_in(some["participant_id"].to_list())
    without = CAFFEINE.fit(NIGHTS.filter(~out), PEOPLE)
    assert coefficient(CAFFEINE.fit(NIGHTS, PEOPLE, flags=some)) == pytest.approx(coefficient(without), rel=1e-9)


def test_it_says_in_a_sentence_what_is_compared():
    asked, modelled = repr(STRESS).split("; ")
    assert asked == "stress in the survey: 2 points of 0-10, a usual day of the last 30"
    assert modelled.startswith("cloglog of jerk_nights_30d, adjusted for age_band, sex_at_birth,")


REFUSED = {
    "another instrument": (lambda: estimand("dairy", "stress"), "no instrument 'dairy': did you mean 'diary'?"),
    "another exposure": (lambda: estimand("diary", "cafeine"), "no exposure 'cafeine': did you mean 'caffeine'?"),
    "nothing near": (lambda: estimand("diary", "poison"), "no exposure 'poison': choose (caffeine, alcohol, stress,"),
    "no word": (lambda: estimand("diary", None), "there is no exposure None: choose"),
    "nights alone": (lambda: CAFFEINE.fit(NIGHTS), "no column 'sleep_loss_prev_h': give study('demo'), or the tables"),
    "a name": (lambda: CAFFEINE.fit("demo"), "give data, not their name: study('demo'), or a frame"),
    "the other set": (lambda: CAFFEINE.fit(DEMO.sets[1]), "these data have no diary: they have survey"),
    "people of a study": (lambda: CAFFEINE.fit(DEMO, PEOPLE), "a study brings its own participants and flags"),
    "people of a survey": (lambda: STRESS.fit(PEOPLE, PEOPLE), "the survey is one table: give it alone"),
    "nights for a survey": (lambda: STRESS.fit(NIGHTS), "the frame is no table as hypnic.load gives it: "),
    "no dose": (lambda: CAFFEINE.fit(NIGHTS.drop("alcohol_g"), PEOPLE), 'unable to find column "alcohol_g"'),
    "no answers": (lambda: CAFFEINE.fit(NIGHTS.head(0), PEOPLE), "nobody answered caffeine_after_14_mg"),
    "nhanes without its design": (lambda: estimand("nhanes", "stress").fit(PEOPLE), "give study('nhanes')"),
    "no frame": (lambda: CAFFEINE.fit([1, 2]), "frame is a list: give a frame of polars, pandas or pyarrow"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_a_wrong_word_or_table_is_refused_in_one_line(case):
    ask, message = REFUSED[case]
    with pytest.raises(HypnicError, match=re.escape(message)) as caught:
        ask()
    assert "\n" not in str(caught.value)
