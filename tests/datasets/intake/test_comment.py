"""A comment is made of a stranger's result: nothing in it may act, call, link or flood."""

from __future__ import annotations

import json
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hypnic.datasets.intake.comment import MARKER, UNREADABLE, as_comment

OURS = re.compile(
    re.escape(MARKER) + r"\n(\*\*The check of the submissions found something to fix\.\*\*"
    r" Fix your own folder, and run `hypnic submit` again\."
    r"|The check of the submissions found no errors\.)\n\n(`{3,})text\n(.*)\n\2\n",
    re.DOTALL,
)
HOSTILE = {
    "a fence": "```\n# owned\n```",
    "a longer fence": "`" * 40 + "\nowned",
    "a tilde fence": "~~~\nowned",
    "a mention": "@octocat and @github/security",
    "a wide mention": "\uff20octocat",
    "a link": "[press](https://example.org/x) www.example.org",
    "an image": "![x](https://example.org/pixel.png)",
    "HTML": "<img src=x onerror=alert(1)><!-- --></details><script>",
    "our marker": MARKER,
    "control characters": "\x1b[2J\x00\x07\x7f\x9b31m",
    "line separators": "a\r\n\u2028b\u2029c\x85d\x0be",
    "right to left": "\u202eevil\u2066x\u200b\ufeff",
    "stacked marks": "a" + "\u0301" * 500,
    "workflow commands": "::set-output name=x::y\n##[add-path]/tmp",
    "an expression": "${{ secrets.GITHUB_TOKEN }}",
    "a lone surrogate": "\ud800",
    "10 MB": "x" * 10_000_000,
}


def result(word: object) -> bytes:
    """Put a word into every place of a result."""
    keys = ("file", "cell", "rule", "level", "message", "hint")
    folder = {"folder": word, "problems": [word], "counts": {"error": 1, str(word)[:9]: word}}
    return json.dumps({"number": word, "folders": [folder | {"findings": [dict.fromkeys(keys, word), word]}]}).encode()


def refuse_harm(comment: str) -> None:
    """Hold a comment to its form: our words, and one block of code that nothing in it can close."""
    assert len(comment) < 60_000
    comment.encode()
    if comment == UNREADABLE:
        return
    form = OURS.fullmatch(comment)
    assert form, comment[:500]
    fence, inside = form[2], form[3]
    assert fence not in inside
    assert "@" not in inside
    assert "://" not in inside
    assert "www." not in inside
    assert all(unicodedata.category(letter)[0] not in "CM" or letter == "\n" for letter in inside)
    assert all(line.startswith(("submission ", "  ")) for line in inside.splitlines())


@pytest.mark.parametrize("word", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_word_stays_a_harmless_word_in_a_block_of_code(word: str) -> None:
    refuse_harm(as_comment(result(word)))


def test_the_hostile_words_are_too_large_only_where_they_are() -> None:
    unreadable = {name for name, word in HOSTILE.items() if as_comment(result(word)) == UNREADABLE}
    assert unreadable == {"10 MB"}


@given(st.text())
def test_any_word_is_harmless(word: str) -> None:
    refuse_harm(as_comment(result(word)))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["problems", "counts", "findings", "x"]), inner),
)


@given(
    st.lists(st.dictionaries(st.sampled_from(["folder", "problems", "counts", "findings"]), json_values), min_size=1)
)
def test_any_shape_is_harmless(folders: list[object]) -> None:
    refuse_harm(as_comment(json.dumps({"folders": folders}).encode()))


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff", b"null", b"[]", b"7", b'"x"', b"{}", b'{"folders": 7}', b'{"folders": [7]}', b"[" * 200_000,
     b"9" * 5000, b'{"folders": ' + b" " * 2_000_000 + b"[]}"],
)  # fmt: skip
def test_a_result_that_is_none_is_one_fixed_sentence(content: bytes) -> None:
    assert as_comment(content) == UNREADABLE


def test_many_findings_are_cut_short() -> None:
    finding = dict.fromkeys(("file", "cell", "rule", "level", "message", "hint"), "m" * 200)
    folder = {"folder": "f", "problems": ["p" * 200] * 900, "counts": {"error": 900}, "findings": [finding] * 40}
    comment = as_comment(json.dumps({"folders": [folder] * 3}).encode())
    refuse_harm(comment)
    assert comment.count("\n") == 3 + 3 * (1 + 25 + 2 * 25) + 2
    assert "submission f, 900 error\n" in comment
