"""The site leads to every study and table, says only what its studies say, and is whole or not there."""

from __future__ import annotations

import json
import re
from collections import Counter
from hashlib import sha256
from html import unescape
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

import polars as pl
import pytest

from hypnic.analysis.claims import sayings
from hypnic.analysis.studies import EXPOSURES, STUDIES, instruments
from hypnic.datasets.sources import SOURCES
from hypnic.errors import HypnicError
from hypnic.reports.site import build_site, building
from hypnic.reports.site.across import across
from hypnic.reports.site.judged import SPOKEN, Said, judged_across
from hypnic.reports.site.making import site_files
from hypnic.reports.site.pages import MENU
from hypnic.reports.site.published import files_of, published
from hypnic.reports.site.studies import Shown
from hypnic.reports.site.topics import TOPICS, about, topics
from hypnic.schemas.publish.handout import as_information, as_questionnaire
from hypnic.schemas.publish.translation import languages

pytestmark = pytest.mark.xdist_group("built")
CLONE = Path(__file__).parents[3]
DEMO, OPEN, NHANES = (STUDIES[name] for name in ("demo", "open", "nhanes"))


class Page(HTMLParser):
    """What a page links to, and what can be linked to in it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: Counter[str] = Counter()
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = dict(attrs)
        if facts.get("id"):
            self.ids[str(facts["id"])] += 1
        if tag == "a" and facts.get("href"):
            self.links.append(str(facts["href"]))


@pytest.fixture(scope="session")
def shown(built: Path) -> list[Shown]:
    return [
        Shown(DEMO, "built", files_of(built)),
        Shown(OPEN, "skipped", {}, SOURCES["open"].wanting, SOURCES["open"].remedy),
        Shown(NHANES, "published", published("nhanes"), SOURCES["nhanes"].wanting, SOURCES["nhanes"].remedy),
    ]


@pytest.fixture(scope="session")
def site(shown: list[Shown]) -> dict[str, bytes]:
    return site_files(shown, CLONE)


@pytest.fixture(scope="session")
def pages(site: dict[str, bytes]) -> dict[str, Page]:
    return {name: Page(content.decode()) for name, content in site.items() if name.endswith(".html")}


def text(content: bytes) -> str:
    """Give the words of a page as a reader has them."""
    words = unescape(re.sub(r"<[^>]+>", "", content.decode()))
    return " ".join(words.replace("\N{NO-BREAK SPACE}", " ").split())


def test_every_page_of_the_menu_is_built_and_every_page_leads_to_the_front(site, pages) -> None:
    assert set(MENU) <= set(site)
    own = [name for name in MENU if name != "index.html"]
    assert [name for name in own if not any(link.endswith("index.html") for link in pages[name].links)] == []


FACTS = ("Specification", "Version", "Licence", "Contact", "How to cite")
WITHOUT_DATA = ("dictionary.html", "rules.html", "send.html", "find.html", "api/", "field/")  # no answer is behind them


def test_every_page_says_of_which_data_specification_and_version_it_is_how_to_cite_it_and_whom_to_ask(site) -> None:
    lacking = []
    for name, content in site.items():
        if not name.endswith(".html") or name.startswith("data/"):  # the codebook is a file of the release
            continue
        page = content.decode()
        dated = () if name.startswith(WITHOUT_DATA) else ("Data",)
        lacking += [(name, fact) for fact in (*dated, *FACTS) if f"<dt>{fact}</dt><dd" not in page]
        lacking += [] if "@misc{" in page else [(name, "BibTeX")]
        body = page.partition('<div class="body">')[2].partition("<footer")[0]
        headings = re.findall(r'<h2[^>]* id="([^"]+)"', body)
        lacking += [(name, f"link of #{id_}") for id_ in headings if f'class="permalink" href="#{id_}"' not in page]
        listed = page.partition('aria-label="On this page"')[2].partition("</nav>")[0]
        lacking += [
            (name, f"#{id_} in the contents")
            for id_ in headings
            if len(headings) > 1 and f'href="#{id_}"' not in listed
        ]
    assert lacking == []


@pytest.mark.parametrize(
    ("words", "leads_to"),
    [
        ("magnesium", "claims.html#"),
        ("get tables into r", "data.html#r"),
        ("withdraw", "send.html#then"),
        ("licence", "index.html#about"),
        ("confidence interval", "methods.html#term-interval"),
        ("holm", "methods.html#term-holm"),
        ("consent", "field/information-en.html"),
        ("missing data", "demo/index.html#missing"),
    ],
)
def test_what_is_looked_for_is_in_the_list_that_finds_things(site, words: str, leads_to: str) -> None:
    lines = re.findall(
        r'<li data-kind="[^"]*"(?: data-alike="([^"]*)")?><a href="([^"]*)">(.*?)</li>', site["find.html"].decode()
    )
    told = [(href, f"{alike} {unescape(said).lower()}") for alike, href, said in lines]
    assert [href for href, text in told if leads_to in href and all(word in text for word in words.split())]


def test_a_word_that_a_page_only_has_is_looked_for_without_a_network(site) -> None:
    assert "fetch(" not in site["find.html"].decode()
    assert site["find.html"].count(b"<li data-kind=") > 400


def test_the_sheets_for_a_study_are_there_in_each_language_and_say_that_nobody_has_read_them(site) -> None:
    for said in languages().values():
        for sheet, words in {"information": as_information, "questionnaire": as_questionnaire}.items():
            page = site[f"field/{sheet}-{said.code}.html"].decode()
            assert ("Unreviewed: no speaker of this language" in page) == (not said.reviewed)
            assert f'lang="{said.code}"' in page
            assert site[f"field/{sheet}.{said.code}.md"].decode() == words(said.code)
    assert "[TEAM: name of the institution" in text(site["field/information-en.html"])
    assert text(site["field/index.html"]).count("unreviewed: no speaker has read it yet") == len(languages()) - 1


def test_the_questionnaire_of_a_page_asks_what_the_sheet_asks(site) -> None:
    names = re.findall(r"^\| `(\w+)` \|", as_questionnaire("fr"), re.MULTILINE)
    assert re.findall(r'<th scope="row"><code>(\w+)</code>', site["field/questionnaire-fr.html"].decode()) == names


def test_every_link_leads_to_a_file_and_an_id_that_are_there(site, pages) -> None:
    broken = []
    for name, page in pages.items():
        for link in page.links:
            if link.startswith("https://"):
                continue
            path, _, anchor = link.partition("#")
            path = path.partition("?")[0]
            target = name if not path else _joined(name, unquote(path))
            if target not in site or (anchor and anchor not in pages[target].ids):
                broken.append((name, link))
    assert broken == []
    assert sum(len(page.links) for page in pages.values()) > 1000


def _joined(name: str, path: str) -> str:
    parts = list(PurePosixPath(name).parent.parts)
    for part in PurePosixPath(path).parts:
        parts = parts[:-1] if part == ".." else [*parts, part]
    return "/".join(parts)


def test_no_id_stands_twice_on_a_page(pages) -> None:
    assert {name: page.ids.most_common(1) for name, page in pages.items() if page.ids.most_common(1)[0][1] > 1} == {}


def test_no_page_of_the_site_asks_anything_of_the_network(site) -> None:
    own = [site[name].decode() for name in MENU]
    assert [page for page in own if re.search(r'(?:src|href)="(?:https?:)?//(?!pola\.rs)', page)] == []


def test_two_builds_of_the_same_studies_are_the_same_bytes(shown, site) -> None:
    again = site_files(list(reversed(shown)), CLONE)
    assert {name for name in site if again.get(name) != site[name]} == set()
    assert set(again) == set(site)


def test_the_provenance_of_each_study_still_has_the_hash_of_every_file(site) -> None:
    for study in ("demo", "nhanes"):
        document = json.loads(site[f"{study}/provenance.json"])
        own = {name.partition("/")[2]: content for name, content in site.items() if name.startswith(f"{study}/")}
        del own["provenance.json"]
        assert document["outputs"] == {name: sha256(content).hexdigest() for name, content in own.items()}
    whole = json.loads(site["provenance.json"])
    others = {name: sha256(content).hexdigest() for name, content in site.items() if name != "provenance.json"}
    assert (whole["study"], whole["outputs"]) == (None, others)


def test_sayings_come_first_of_which_real_peoples_answers_can_say_something(shown) -> None:
    entries = judged_across(shown).entries
    real = [any(a.judged.verdict in SPOKEN and a.shown.study is NHANES for a in one.answers) for one in entries]
    assert real == sorted(real, reverse=True)
    assert 25 <= sum(real) < len(entries)
    first = next(one for one in entries if "coffee" in one.alike or "coffee" in one.claim)
    assert first.claim.startswith("Caffeine ")


def test_a_visitor_sees_real_people_first_where_cdcs_files_are_not_at_hand(site, shown) -> None:
    front = text(site["index.html"])
    assert front.index("leg jerks while trying to sleep") < front.index("Synthetic:")
    row = shown[2].estimates.filter(analysis="primary", role="primary", exposure="caffeine").row(0, named=True)
    found = f"{row['estimate']:.2f} ({row['conf_low']:.2f} to {row['conf_high']:.2f})"
    assert f"100 mg a day more (a mug of coffee): {found}." in front
    assert "A ratio of 1 is no difference, 1.07 is 7 % higher odds of a more frequent answer;" in front


def test_the_front_says_what_stands_in_for_an_exposure(site) -> None:
    front = text(site["index.html"])
    assert "Stress (depressive symptoms): more leg jerks, but not alike at every dose;" in front
    assert "a stand-in for sleep starts" in front


def test_the_front_says_what_was_skipped_and_what_would_make_it_possible(site) -> None:
    front = text(site["index.html"])
    assert f"No report yet: {SOURCES['open'].wanting}. Yours would be the first." in front
    for one in (SOURCES["open"], SOURCES["nhanes"]):
        assert f"For those who build this site: {one.remedy.replace('`', '')}." in front
    assert f"This report comes with hypnic and was not built anew: {SOURCES['nhanes'].wanting}." in front


def test_every_number_across_studies_is_one_of_that_studys_own_estimates(site, shown) -> None:
    table = pl.read_csv(site["across.csv"])
    known = {one.study.name: one.estimates.filter(analysis="primary", role="primary") for one in shown if one.files}
    for row in table.iter_rows(named=True):
        design = instruments()[row["instrument"]].design
        own = known[row["study"]].filter(exposure=row["exposure"], unit=row["unit"], design=design)
        assert own.select("estimate", "conf_low", "conf_high").row(0) == (
            row["estimate"], row["conf_low"], row["conf_high"],
        )  # fmt: skip
    assert Counter(table["exposure"]) == dict.fromkeys(EXPOSURES, 3)


def test_a_proxy_keeps_its_name_across_studies_and_nothing_sums_the_studies_up(site, shown) -> None:
    lines = [line for one in across(shown) for line in one.lines]
    assert {line.outcome for line in lines if line.shown.study is NHANES} == {"leg jerks"}
    assert {line.outcome for line in lines if line.shown.study is not NHANES} == {"jerks"}
    assert {"Certainty about people: none." in line.sure for line in lines if line.shown.study is DEMO} == {True}
    assert "there is no summary over the studies" in text(site["across.html"])
    assert len(lines) == sum(len(i.primary) for one in (DEMO, NHANES) for i in one.instruments)


def test_all_sayings_have_the_verdict_of_each_study(site, shown, pages) -> None:
    said = judged_across(shown)
    assert {one.id for one in said.entries} == {saying.id for saying in sayings()} <= set(pages["claims.html"].ids)
    for study in (shown[0], shown[2]):
        own = dict(study.claims.select("id", "verdict").unique().iter_rows())
        told = {a.judged.id: a.judged.verdict for one in said.entries for a in one.answers if a.shown is study}
        assert told == own
        assert sum(said.counts[study.short].values()) == 154
    words = text(site["claims.html"])
    assert "More magnesium helps some people" in words
    assert (
        "Answers of real people (NHANES, leg jerks) support 13 of 154 sayings (by 6 comparisons), contradict none,"
        in words
    )


def test_the_verdicts_of_all_studies_are_one_table_to_download(site) -> None:
    rows = pl.read_csv(site["claims.csv"], infer_schema_length=None)
    assert rows.select("id", "study").is_duplicated().sum() == 0
    assert rows.group_by("study").len()["len"].to_list() == [len(sayings())] * 2
    assert rows.filter("synthetic")["study"].unique().to_list() == ["demo"]
    assert rows["why"].null_count() == 0


def test_every_page_around_the_studies_with_a_table_has_what_it_is_made_from_to_download(site) -> None:
    around = {name: page.decode() for name, page in site.items() if name.endswith(".html") and b"<table" in page}
    of_studies = ("demo/", "nhanes/", "data/")
    around = {name: page for name, page in around.items() if not name.startswith(of_studies)}
    assert len(around) > 5
    assert [name for name, page in around.items() if not re.search(r'href="[^"]+\.(csv|md|py)"', page)] == []
    assert {"dictionary.csv", "dictionary.json", "rules.csv", "analysts.py"} <= set(site)


@pytest.mark.parametrize("word", TOPICS.values())
def test_what_the_front_offers_to_ask_about_finds_a_saying(word: str) -> None:
    assert about(word, tuple(Said(one.id, one.claim, "", "", ()) for one in sayings())) != []


def test_what_readers_ask_has_an_answer_in_one_line_of_real_people_alone(site, shown) -> None:
    told = {one.name: one.answer for one in topics(judged_across(shown))}
    assert told["magnesium"].startswith("not known. Answers of real people leave ")
    assert "Magnesium in food, 100 mg a day: odds ratio of leg jerks 0.97" in told["magnesium"]
    assert told["coffee"].startswith("“Caffeine brings jerks”: supported")
    # Minerals in food are no answer about water.
    assert told["water"] == "not known. No answers of real people speak to any of the 2 sayings about it."
    assert told["medicines"].startswith("known in part. ")  # one saying names two medicines, which differ
    assert ": supported. " in told["medicines"]
    for page in ("claims.html", "find.html"):
        assert f"Magnesium: {told['magnesium']}" in text(site[page])
    nobody = topics(judged_across(shown[:1]))
    assert {one.answer.partition(".")[0] for one in nobody} == {"not known"}


def test_the_data_page_says_how_answers_that_others_published_get_into_r(site) -> None:
    words = text(site["data.html"])
    assert "hypnic load persons --study nhanes --out persons.csv" in words
    assert 'persons <- read.csv("persons.csv", na.strings = "")' in words
    assert SOURCES["nhanes"].tables == ("persons",)


def test_the_hashes_of_a_release_name_the_files_that_the_site_has(site) -> None:
    told = dict(line.split("  ")[::-1] for line in site["data/demo-1/SHA256SUMS"].decode().splitlines())
    assert {name: sha256(site[f"data/demo-1/{name}"]).hexdigest() for name in told} == told
    assert len(told) > 10


def test_the_data_are_there_in_every_format_with_a_line_for_each_program(site, pages) -> None:
    words = text(site["data.html"])
    for line in (
        "nights <- read.csv(",
        'estimates <- read.csv("nhanes-estimates.csv")',
        'hypnic.load("nights", study="demo")',
        "GET FILE=",
        'use "study-demo',
    ):
        assert line in words
    ends = {PurePosixPath(link).suffix for link in pages["data.html"].links if link.startswith("data/")}
    assert {".csv", ".parquet", ".sav", ".dta", ".xlsx", ".zip", ".html"} <= ends


def test_without_a_clone_the_site_has_what_comes_with_the_package(shown) -> None:
    site = site_files(shown)
    assert "guide.html" not in site
    words = text(site["data.html"])
    assert "arrow::read_parquet(" in words
    assert "nights <- read.csv(" not in words


def test_the_guide_shows_what_its_cells_give(site) -> None:
    guide = text(site["guide.html"])
    assert "5,339 nights of 400 people" in guide
    assert re.search(r"had \d\.\d\d times as many noticed jerks", guide)
    assert "mo.md" not in guide


def test_every_public_name_of_a_room_has_its_place_in_the_reference(pages) -> None:
    import hypnic
    import hypnic.analysis

    assert {name.strip("_") for name in hypnic.__all__} <= set(pages["api/hypnic.html"].ids)
    assert set(hypnic.analysis.__all__) <= set(pages["api/hypnic.analysis.html"].ids)


def test_no_page_tells_where_an_object_lies_in_memory(site) -> None:
    assert [name for name in site if name.startswith("api/") and b" at 0x" in site[name]] == []


def few(monkeypatch: pytest.MonkeyPatch, failing: str = "") -> None:
    """Let a study be built at once, and one of them fail."""

    def files(name: str, **_: object) -> dict[str, bytes]:
        if name == failing:
            raise ZeroDivisionError
        return {"index.html": name.encode(), "provenance.json": b'{"report": "hypnic", "outputs": {"index.html": ""}}'}

    monkeypatch.setattr(building, "made_files", files)
    monkeypatch.setattr(building, "_files", lambda made, *_: _only(made))


def _only(made: list[building.Made]) -> dict[str, bytes]:
    files = {f"{one.name}/{name}": content for one in made for name, content in one.files.items()}
    return files | {"index.html": b"front", "provenance.json": b'{"report": "hypnic", "outputs": {"index.html": ""}}'}


def test_a_study_that_fails_stops_no_other_and_keeps_its_last_report(monkeypatch, tmp_path) -> None:
    out = tmp_path / "site"
    few(monkeypatch)
    assert build_site(out, ["demo", "nhanes"]).failed == ()
    few(monkeypatch, failing="nhanes")
    again = build_site(out, ["demo", "nhanes"])
    assert again.failed == ("nhanes",)
    assert "nhanes failed, and its last report is kept: ZeroDivisionError" in again.told
    assert (out / "nhanes" / "index.html").read_text() == "nhanes"
    assert (out / "demo" / "index.html").read_text() == "demo"


def test_the_front_says_that_a_report_failed(shown) -> None:
    broken = [Shown(DEMO, "failed", why="MemoryError"), *shown[1:]]
    front = text(site_files(broken)["index.html"])
    assert "Its report failed in this build (MemoryError). There is none from an earlier build." in front


def test_what_no_build_made_is_not_put_away_with_a_site(monkeypatch, tmp_path) -> None:
    few(monkeypatch)
    build_site(tmp_path / "site", ["demo"])
    (tmp_path / "site" / "demo" / "thesis.txt").write_text("irreplaceable")
    with pytest.raises(HypnicError, match=r"contains demo/thesis\.txt, which no build made"):
        build_site(tmp_path / "site", ["demo"])
    assert (tmp_path / "site" / "demo" / "thesis.txt").read_text() == "irreplaceable"


def test_an_interrupted_build_leaves_the_site_as_it_was(monkeypatch, tmp_path) -> None:
    few(monkeypatch)
    build_site(tmp_path / "site", ["demo"])
    monkeypatch.setattr(building, "made_files", _interrupted)
    with pytest.raises(KeyboardInterrupt):
        build_site(tmp_path / "site", ["demo"])
    assert (tmp_path / "site" / "demo" / "index.html").read_text() == "demo"
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def _interrupted(*_: object, **__: object) -> dict[str, bytes]:
    raise KeyboardInterrupt


def test_a_folder_of_studies_from_before_there_was_a_site_is_taken_over(monkeypatch, tmp_path) -> None:
    old = tmp_path / "site" / "demo"
    old.mkdir(parents=True)
    (old / "index.html").write_text("old")
    (old / "provenance.json").write_text('{"report": "hypnic", "outputs": {"index.html": ""}}')
    few(monkeypatch)
    build_site(tmp_path / "site", ["demo"])
    assert (tmp_path / "site" / "index.html").read_text() == "front"
