"""Where the column names stand, and what is said where they do not stand on the first line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import hypnic
from hypnic.datasets.checking.opened import open_table
from hypnic.errors import HypnicError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Save = Callable[..., Path]
    Row = dict[str, str]


@pytest.mark.parametrize("opening", ["sep=;\n", '"sep=;"\n', "SEP=;\r\n", "\n", "\n \n", ";;;;\n", "sep=;\n\n;;\n"])
def test_a_separator_line_and_blank_lines_in_front_are_left_out_and_addresses_kept(opening, diary, save) -> None:
    diary[2]["stress_0_10"] = "11"
    path = save("nights", diary)
    path.write_text(opening + path.read_text().replace(",", ";"), newline="")
    line = 4 + opening.count("\n")
    assert hypnic.check(path).select("rule", "line", "cell").rows() == [("range", line, f"L{line}")]
    assert f"the column names on line {line - 3}" in str(open_table(path).text.dialect)


def refusal(path: Path) -> str:
    with pytest.raises(HypnicError) as caught:
        hypnic.check(path)
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_lines_above_the_header_are_described_and_the_line_of_the_header_named(separator, diary, save) -> None:
    path = save("nights", diary).rename(save("nights", diary).parent / "my nights.csv")
    path.write_text("Diary of Rosalind Doe\n\n" + path.read_text().replace(",", separator))
    assert refusal(path) == (
        "my nights.csv: the first line does not hold the column names of participants or nights, line 3 may (line 1 has"
        " 1 filled cell; line 2 is blank; line 3 has 40 filled cells, 40 of them columns of nights (participant_id,"
        f" night_index, evening_on_time, ...)); take out what is above it, save, and run: hypnic check '{path}'"
    )


def test_a_file_without_any_column_name_is_described_and_not_repeated(tmp_path: Path) -> None:
    path = tmp_path / "notes.csv"
    path.write_text("Rosalind,Doe\n1,2\n")
    said = refusal(path)
    assert "(line 1 has 2 filled cells; line 2 has 2 filled cells)" in said
    assert "Doe" not in said


@pytest.mark.parametrize("cell", ['"no', '"', 'no"', ' "no'])
@pytest.mark.parametrize("line", [3, 13])
def test_a_file_with_an_odd_quote_is_never_clean(cell: str, line: int, diary: list[Row], save: Save) -> None:
    path = save("nights", diary)
    lines = path.read_text().splitlines()
    lines[line - 1] = lines[line - 1].rpartition(",")[0] + "," + cell
    path.write_text("\n".join(lines))
    if cell.startswith('"'):
        assert f"line {line}: a quote is opened here and never closed" in refusal(path)
    else:
        assert hypnic.check(path).select("rule", "line").row(0) == ("level", line)


def test_a_quote_that_a_later_one_closes_by_chance_is_named_by_the_line_that_opened_it(diary, save) -> None:
    path = save("nights", diary)
    lines = path.read_text().splitlines()
    lines[3] = lines[3].replace(",usual,", ',"usual,')
    lines[8] = lines[8].replace(",usual,", ',"usual",')
    path.write_text("\n".join(lines))
    assert hypnic.check(path).filter(rule="file").select("rule", "line", "level").rows() == [("file", 4, "error")]


def test_rows_of_separators_alone_are_one_finding_each(diary, save) -> None:
    path = save("nights", diary)
    lines = path.read_text().splitlines()
    empty = "," * (len(diary[0]) - 1)
    path.write_text("\n".join([*lines[:4], empty, *lines[4:6], empty, *lines[6:], empty]))
    assert hypnic.check(path).select("rule", "line").rows() == [("file", 5), ("file", 8)]


@pytest.mark.parametrize("quoted", [False, True])
def test_spaces_after_the_separators_are_left_out_and_said(quoted: bool, diary: list[Row], save: Save) -> None:
    path = save("nights", diary)
    lines = [line.split(",") for line in path.read_text().splitlines()]
    if quoted:
        lines = [[f'"{cell}"' for cell in line] for line in lines]
    path.write_text("\n".join(", ".join(line) for line in lines))
    assert hypnic.check(path).is_empty()
    assert "spaces after the commas left out" in str(open_table(path).text.dialect)
