"""The last character of a person's code finds a slip."""

from __future__ import annotations

import random

import pytest
from respondent import evaluated

from hypnic.schemas.publish.checking import ALPHABET, LENGTH, checks, in_xpath, person_code
from hypnic.schemas.publish.template import as_template

CODE = person_code(random.Random(7))  # noqa: S311 -- a test


@pytest.mark.parametrize("place", range(2, LENGTH + 2))
def test_every_wrong_character_is_found(place: int) -> None:
    wrong = [CODE[:place] + letter + CODE[place + 1 :] for letter in ALPHABET if letter != CODE[place]]
    assert not any(map(checks, wrong))


def test_neighbours_that_changed_places_are_found_but_for_the_first_and_the_last_letter() -> None:
    draw = random.Random(7)  # noqa: S311 -- a test
    for code in (person_code(draw) for _ in range(200)):
        for place in range(2, LENGTH + 1):
            pair = code[place : place + 2]
            swapped = code[:place] + pair[::-1] + code[place + 2 :]
            assert checks(swapped) == (len({*pair}) == 1 or {*pair} == {"a", "7"})


def test_a_form_checks_as_python_does() -> None:
    draw = random.Random(7)  # noqa: S311 -- a test
    for _ in range(50):
        code = "p_" + "".join(draw.choices(ALPHABET, k=LENGTH))
        assert evaluated(in_xpath(), {}, code) == checks(code)
    assert evaluated(in_xpath(), {}, CODE)


def test_the_codes_of_a_template_are_checked_ones() -> None:
    rows = as_template("participants", tokens=20).splitlines()[1:]
    assert all(checks(row.split(",")[0]) for row in rows)
