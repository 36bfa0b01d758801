"""`hypnic report`: one study alone, or a site of all that are at hand."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer

from hypnic.commands.report import report
from hypnic.reports.site.building import Site


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Path, list[str]]]:
    """Keep what sites are asked for, and let NHANES fail where it is asked for by name."""
    kept = []

    def build_site(out: Path, names: list[str], _: Path | None, **__: object) -> Site:
        kept.append((out, names))
        failed = ("nhanes",) if "nhanes" in names else ()
        return Site(tuple(f"{name} failed: a reason" for name in failed), failed)

    monkeypatch.setattr("hypnic.reports.site.building.build_site", build_site)
    return kept


@pytest.mark.parametrize("study", [None, ["all"], ["demo", "all"]])
def test_without_a_study_or_with_all_of_them_it_is_a_site_of_those_at_hand(asked, study, tmp_path, capsys) -> None:
    report(study=study, out=tmp_path)
    assert asked == [(tmp_path, [])]
    assert capsys.readouterr().out.strip() == str(tmp_path / "index.html")


def test_a_study_that_fails_is_told_in_a_line_and_by_the_exit_code(asked, tmp_path, capsys) -> None:
    with pytest.raises(typer.Exit) as ended:
        report(study=["demo", "nhanes"], out=tmp_path)
    assert ended.value.exit_code == 2
    assert asked == [(tmp_path, ["demo", "nhanes"])]
    assert capsys.readouterr().err == "nhanes failed: a reason\n"
