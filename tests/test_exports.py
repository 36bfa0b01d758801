"""What a room exports: its public names and nothing else, each there when it is asked for."""

from __future__ import annotations

import pkgutil
from importlib import import_module

import pytest

import hypnic

FRONT = ("hypnic", "hypnic.schemas", "hypnic.datasets")
PACKAGES = ["hypnic", *(module.name for module in pkgutil.walk_packages(hypnic.__path__, "hypnic.") if module.ispkg)]
ROOMS = [name for name in PACKAGES if name in FRONT or name.startswith(FRONT[1:])]


@pytest.mark.parametrize("name", ROOMS)
def test_a_room_lists_what_it_exports_and_nothing_else(name: str) -> None:
    room = import_module(name)
    assert sorted(dir(room)) == sorted(room.__all__)
    assert [exported for exported in room.__all__ if not hasattr(room, exported)] == []


@pytest.mark.parametrize("name", ROOMS)
def test_no_export_has_the_name_of_a_module_which_would_hide_it(name: str) -> None:
    room = import_module(name)
    assert {module.name for module in pkgutil.iter_modules(room.__path__)} & set(room.__all__) == set()


@pytest.mark.parametrize("name", ROOMS)
def test_a_name_that_a_room_does_not_have_is_refused_as_python_does(name: str) -> None:
    with pytest.raises(AttributeError, match=f"module '{name}' has no attribute 'absent'"):
        import_module(name).absent  # noqa: B018 -- looking is what is tried


@pytest.mark.parametrize("name", ROOMS)
def test_a_room_says_its_law_in_one_sentence(name: str) -> None:
    law = import_module(name).__doc__ or ""
    assert law.count(".") == 1
    assert law.endswith(".")
