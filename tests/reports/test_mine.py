"""One person's nights for the page: the words and the picture of their report."""

from __future__ import annotations

import pytest

from hypnic.errors import HypnicError
from hypnic.reports.mine import own_nights


def test_one_persons_nights_are_said_and_drawn(diary, person, save) -> None:
    folder = save("participants", [person]).parent
    save("nights", diary)
    told = own_nights(folder)
    assert told["summary"].startswith("You wrote down 12 nights")
    assert told["picture"].lstrip().startswith("<?xml") or told["picture"].startswith("<svg")
    assert any("diagnosis" in line for line in told["said"])


def test_the_nights_of_several_people_are_refused_in_one_line(diary, person, save) -> None:
    other = "p_cccccccccccccccc"
    folder = save("participants", [person, person | {"participant_id": other}]).parent
    save("nights", [*diary, *(night | {"participant_id": other} for night in diary)])
    with pytest.raises(HypnicError, match="of one person"):
        own_nights(folder)
