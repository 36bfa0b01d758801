"""The glossary: the first use of a term leads to its entry, and what is a heading or a figure stays as it is."""

from __future__ import annotations

import re

from hypnic.reports.glossary import linked, terms


def test_the_first_use_of_each_term_is_a_link_and_the_second_is_not() -> None:
    page = linked("<p>A rate ratio, an odds ratio, a rate ratio.</p>", "m.html")
    assert re.findall(r'href="m.html#term-([\w-]+)"', page) == ["rate-ratio", "odds-ratio"]


def test_headings_links_figures_choices_and_the_heads_of_tables_stay_as_they_are() -> None:
    page = "".join(
        f"<{tag}>rate ratio</{tag}>" for tag in ("h2", "h3", "a", "svg", "code", "caption", "thead", "option")
    )
    assert linked(page, "m.html") == page


def test_a_term_is_found_whatever_its_case_and_its_kind_of_space() -> None:
    assert "#term-interval" in linked("<p>its 95\N{NO-BREAK SPACE}% interval</p>", "m.html")
    assert "#term-holm" in linked("<p>by HOLM</p>", "m.html")


def test_a_word_that_only_contains_a_term_is_left_alone() -> None:
    assert linked("<p>the influencers</p>", "m.html") == "<p>the influencers</p>"


def test_no_form_leads_to_two_terms_and_every_term_is_told_in_a_sentence() -> None:
    forms = [form.lower() for term in terms() for form in term.forms]
    assert len(forms) == len(set(forms))
    assert all(term.words.endswith(".") for term in terms())
