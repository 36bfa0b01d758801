"""Nobody is published in a class of fewer than five, ten where it can be had, and the fewest cells are taken for it."""

from __future__ import annotations

import itertools
from collections import Counter

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hypnic.datasets.intake.classes import Person, judge, shared
from hypnic.datasets.intake.coarsening import Coarsening
from hypnic.datasets.intake.hiding import hidden
from hypnic.errors import HypnicError

# Country, shift, age, sex: the frozen order.
COMMON = ("DE", "none", "25-34", "female")
DIFFERENT = itertools.cycle(["none", "melatonin"])


def people(*groups: tuple[tuple[str, ...], int], answers: tuple[str, ...] = ("none", "melatonin")) -> list[Person]:
    """Make so many people of each look; their medicines differ."""
    told = itertools.cycle(answers)
    return [Person(look, ("", next(told))) for look, count in groups for _ in range(count)]


def looks(mine: list[Person], others: list[Person], rng) -> Counter[tuple[str, ...]]:
    return Counter(Coarsening(mine, others, rng).run())


def test_people_in_large_classes_keep_every_cell(seeded) -> None:
    assert looks(people((COMMON, 12), (("FR", *COMMON[1:]), 10)), [], seeded()) == {
        COMMON: 12,
        ("FR", *COMMON[1:]): 10,
    }


def test_a_country_goes_to_its_sub_region_for_its_few_people_alone(seeded) -> None:
    few = [((country, *COMMON[1:]), 4) for country in ("AT", "CH", "NL")]
    assert looks(people((COMMON, 20), *few), [], seeded()) == {COMMON: 20, ("155", *COMMON[1:]): 12}


def test_where_the_sub_region_is_too_small_the_country_goes_to_zz(seeded) -> None:
    few = [((country, *COMMON[1:]), 4) for country in ("AT", "JP", "US")]
    assert looks(people((COMMON, 20), *few), [], seeded()) == {COMMON: 20, ("ZZ", *COMMON[1:]): 12}


def test_shifts_become_any_and_who_works_none_stays(seeded) -> None:
    few = [(("DE", shift, *COMMON[2:]), 4) for shift in ("early", "late", "night")]
    assert looks(people((COMMON, 20), *few), [], seeded()) == {COMMON: 20, ("DE", "any", *COMMON[2:]): 12}


def test_the_oldest_become_one_band_before_bands_become_wide(seeded) -> None:
    old = [(("DE", "none", age, "female"), 6) for age in ("65-74", "75+")]
    assert looks(people((COMMON, 20), *old), [], seeded()) == {COMMON: 20, ("DE", "none", "65+", "female"): 12}
    young = [(("DE", "none", age, "female"), 6) for age in ("18-24", "25-34")]
    assert looks(people(*young), [], seeded()) == {("DE", "none", "18-34", "female"): 12}


def test_what_others_published_hides_newcomers_who_look_like_them(seeded) -> None:
    assert looks(people((COMMON, 1)), people((COMMON, 11)), seeded()) == {COMMON: 1}


def test_a_lone_person_is_joined_by_the_fewest_of_a_large_class(seeded) -> None:
    """One man among forty women: nine of them lose their sex, and no other cell."""
    found = looks(people((COMMON, 40), (("DE", "none", "25-34", "male"), 1)), [], seeded())
    assert found == {COMMON: 31, ("DE", "none", "25-34", "other_or_undisclosed"): 10}


def test_a_lone_person_is_joined_by_a_whole_class_that_cannot_spare_any(seeded) -> None:
    assert looks(people((COMMON, 11), (("AT", *COMMON[1:]), 1)), [], seeded()) == {("155", *COMMON[1:]): 12}


def test_where_ten_cannot_be_had_five_are_enough(seeded) -> None:
    assert looks(people((COMMON, 7)), [], seeded()) == {COMMON: 7}


@pytest.mark.parametrize("count", [1, 4])
def test_fewer_than_five_are_refused(count: int, seeded) -> None:
    with pytest.raises(HypnicError, match="too few people are alike"):
        looks(people((COMMON, count)), people((("FR", *COMMON[1:]), 50)), seeded())


def test_a_class_that_shares_an_answer_is_mixed_with_another(seeded) -> None:
    """Twelve Danes who all take an antidepressant: published as a class, they would all be known to."""
    danes = people((("DK", *COMMON[1:]), 12), answers=("ssri_snri",))
    swedes = people((("SE", *COMMON[1:]), 5))
    found = looks([*danes, *swedes], [], seeded())
    assert found == {("154", *COMMON[1:]): 17}


def test_an_answer_that_everybody_shares_is_withheld(seeded) -> None:
    search = Coarsening(people((COMMON, 12), answers=("ssri_snri",)), [], seeded())
    assert Counter(search.run()) == {COMMON: 12}
    assert search.alike == set(range(12))


def test_nobody_with_a_neurological_condition_is_known_by_their_class() -> None:
    ill, well = Person(COMMON, ("neurological", "none")), Person(COMMON, ("", "melatonin"))
    assert shared([ill, Person(COMMON, ("neurological", "melatonin"))])
    assert not shared([ill, well])
    assert not shared([well, Person(COMMON, ("", "none"))])


def test_a_judgement_counts_people_by_the_size_of_their_class() -> None:
    tokens = [f"p_{number}" for number in range(16)]
    ages = ["25-34"] * 12 + ["75+"] * 3 + ["65-74"]
    frame = pl.DataFrame({"participant_id": tokens, "age_band": ages, "med_classes": ["none", "other"] * 8})
    judged = judge({"participants": frame})
    assert (judged.k, judged.small, judged.hidden) == (1, {1: 1, 3: 3}, False)
    assert judge({"participants": frame}, of={"participants": frame.head(3)}).k == 12


def test_who_kept_a_diary_is_seen_and_makes_classes_of_its_own() -> None:
    frame = pl.DataFrame({"participant_id": [f"p_{number}" for number in range(16)], "age_band": ["25-34"] * 16})
    for diarists, k in ((16, 16), (6, 6), (15, 1), (0, 16)):
        assert judge({"participants": frame, "nights": frame.select("participant_id").head(diarists)}).k == k


def test_people_with_and_without_a_diary_are_each_hidden_among_their_own(seeded) -> None:
    """A lone country among the diarists is coarsened although it is common among the others."""
    with_diary = [one._replace(diary=True) for one in people((COMMON, 12), (("AT", *COMMON[1:]), 3))]
    without = people((("AT", *COMMON[1:]), 12))
    found, alike = hidden([*with_diary, *without], [], seeded())
    assert Counter(found[:15]) == {("155", *COMMON[1:]): 15}
    assert Counter(found[15:]) == {("AT", *COMMON[1:]): 12}
    assert alike == set()


@pytest.mark.parametrize(("diary", "way"), [(True, "out of nights.csv"), (False, "out of participants.csv")])
def test_too_few_with_or_without_a_diary_are_refused_and_told_what_to_leave_out(diary, way, seeded) -> None:
    few = [one._replace(diary=diary) for one in people((COMMON, 4))]
    many = [one._replace(diary=not diary) for one in people((COMMON, 50))]
    with pytest.raises(HypnicError, match=f"4 people are with.*{way}"):
        hidden([*few, *many], [], seeded())
    before = [one._replace(diary=diary) for one in people((COMMON, 5))]
    assert set(hidden([*few, *many], before, seeded())[0]) == {COMMON}


looking = st.tuples(
    st.sampled_from(["DE", "AT", "DK", "JP", "ZZ", "AQ"]), st.sampled_from(["none", "night", "late", "refused"]),
    st.sampled_from(["18-24", "35-44", "65-74", "75+", "refused"]), st.sampled_from(["female", "male"]),
)  # fmt: skip
crowd = st.lists(st.tuples(looking, st.sampled_from(["none", "ssri_snri", "other"])), max_size=60)


@given(crowd.filter(lambda some: len(some) >= 5), st.randoms(use_true_random=False))
def test_whoever_comes_is_hidden_among_five_and_nobody_is_lost(drawn, rng) -> None:
    mine = [Person(look, ("", answer)) for look, answer in drawn]
    search = Coarsening(mine, [], rng)
    found = search.run()
    sizes = Counter(found)
    assert len(found) == len(mine)
    assert min(sizes.values()) >= 5
    for look in sizes:
        members = [n for n, one in enumerate(found) if one == look]
        assert not shared(mine[n] for n in members) or set(members) <= search.alike


@settings(max_examples=40)
@given(crowd, crowd, st.randoms(use_true_random=False))
def test_whoever_has_a_diary_and_whoever_has_none_is_hidden_among_five_or_refused(diarists, rest, rng) -> None:
    drawn = [(one, True) for one in diarists] + [(one, False) for one in rest]
    mine = [Person(look, ("", answer), diary) for (look, answer), diary in drawn]
    few = any(0 < len(part) < 5 for part in (diarists, rest))
    try:
        found, _ = hidden(mine, [], rng)
    except HypnicError:
        assert few
        return
    assert not few
    assert min(Counter(zip(found, (one.diary for one in mine), strict=True)).values(), default=5) >= 5


@given(crowd, crowd.filter(lambda some: len(some) >= 5), st.randoms(use_true_random=False))
def test_with_others_published_before_every_class_has_five_too(before, drawn, rng) -> None:
    try:
        others = [
            Person(look, ("", "none"))
            for look in Coarsening([Person(look, ("", told)) for look, told in before], [], rng).run()
        ]
    except HypnicError:
        others = []
    found = Counter(Coarsening([Person(look, ("", answer)) for look, answer in drawn], others, rng).run())
    there = Counter(person.look for person in others)
    assert min(count + there[look] for look, count in found.items()) >= 5
