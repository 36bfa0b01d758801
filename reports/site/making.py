"""Every page of the site, and the files that lie next to them."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING

from hypnic.about import __version__
from hypnic.analysis.claims.certainty import STEPS
from hypnic.analysis.claims.verdict import VERDICTS
from hypnic.analysis.studies import FROZEN, STUDIES, instruments, specification_hash
from hypnic.reports.commit import commit
from hypnic.reports.frame import Link
from hypnic.reports.methods import COVARIANCES, FAMILIES
from hypnic.reports.names import exposure_title, readable
from hypnic.reports.pictures import pictures
from hypnic.reports.sentences import fixed
from hypnic.reports.site.across import across, across_table, explained
from hypnic.reports.site.api import api_pages
from hypnic.reports.site.data import ELSEWHERE, FORMATS, released
from hypnic.reports.site.fielding import fielding_pages
from hypnic.reports.site.finding import find_page
from hypnic.reports.site.guide import guide_page
from hypnic.reports.site.judged import claims_table, judged_across
from hypnic.reports.site.pages import FRONT, Entry, SitePage, filled, rendered
from hypnic.reports.site.reference import dictionary_page, rules_page
from hypnic.reports.site.sidebyside import side_by_side
from hypnic.reports.site.studies import dates, in_order
from hypnic.reports.site.topics import topics
from hypnic.reports.site.upwards import with_way_up
from hypnic.schemas.publish.translation import languages

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from hypnic.reports.site.across import Exposure
    from hypnic.reports.site.data import Released
    from hypnic.reports.site.judged import Across
    from hypnic.reports.site.studies import Shown


def site_files(shown: Iterable[Shown], clone: Path | None = None) -> dict[str, bytes]:
    """Give every file of the site, by its path: the reports of the studies, the pages around them, and the data."""
    studies = in_order(list(shown))
    pages = site_pages(studies, clone)
    files = {f"{one.folder}/{name}": content for one in studies for name, content in with_way_up(one.files).items()}
    paths = [page.path for page in pages]
    for page in pages:
        files |= {page.path: rendered(page, paths).encode()} | dict(page.files)
    return files | {"provenance.json": _provenance(files)}


def _provenance(files: Mapping[str, bytes]) -> bytes:
    outputs = {name: sha256(content).hexdigest() for name, content in sorted(files.items())}
    about: dict[str, object] = {
        "report": "hypnic",
        "study": None,
        "version": __version__,
        "commit": commit(),
        "inputs": {},
    }
    document = about | {"outputs": outputs}
    return f"{json.dumps(document, indent=2)}\n".encode()


def site_pages(shown: Sequence[Shown], clone: Path | None) -> tuple[SitePage, ...]:
    """Give every page of the site of some studies."""
    exposures, said, data = across(shown), judged_across(shown), released(clone)
    guide = guide_page(clone)
    pages = [
        _across_page(exposures, shown), _claims_page(said, shown), _data_page(data, shown), _send_page(),
        *fielding_pages(), dictionary_page(), rules_page(), _methods_page(shown), *([guide] if guide else []),
        *api_pages(),
    ]  # fmt: skip
    pages = [_front_page(shown, exposures, said, data, pages), *pages]
    return (*pages, find_page(pages, shown))


def _front_page(
    shown: Sequence[Shown], exposures: Sequence[Exposure], said: Across, data: Sequence[Released],
    pages: Sequence[SitePage],
) -> SitePage:  # fmt: skip
    there = {page.path for page in pages}
    names: dict[str, object] = {
        "shown": shown, "exposures": exposures, "said": said, "data": data, "there": there, "topics": topics(said),
        "languages": len(languages()),
        "real": (real := next((one for one in shown if one.files and not one.study.synthetic), None)),
        "grades": _grades(exposures, real),
        "explained": explained(exposures, real), "diagnosis": fixed()["no_diagnosis"],
        "persons": max((line.persons for one in exposures for line in one.lines if line.shown is real), default=0),
    }  # fmt: skip
    return SitePage(
        FRONT, "hypnic: the open dataset of sleep starts", filled("front", **names),
        "An open dataset of sleep starts (hypnic jerks), and what it says of caffeine, alcohol, stress, exercise and"
        " short sleep.", lead=filled("lead", **names), data_date=dates(shown),
    )  # fmt: skip


def _grades(exposures: Sequence[Exposure], shown: Shown | None) -> list[str]:
    """Give the grades of certainty of a study's lines, each once."""
    lines = (line for one in exposures for line in one.lines if line.shown is shown and not line.shown.study.synthetic)
    return list(dict.fromkeys(line.judgement.grade for line in lines if line.judgement))


def _across_page(exposures: Sequence[Exposure], shown: Sequence[Shown]) -> SitePage:
    figure = side_by_side(exposures)
    files: dict[str, bytes] = {}
    if figure is not None:
        files = {name: words.encode() for name, words in figure.files.items()} | pictures([figure])
    files["across.csv"] = across_table(exposures).write_csv().encode()
    downloads = [Link("across.csv", "across.csv", "the tables of this page in one")]
    entries = tuple(
        Entry(f"{one.title}: every study side by side", f"across.html#{one.id}", "exposure") for one in exposures
    )
    return SitePage(
        "across.html", "Across studies", filled("across", exposures=exposures, shown=shown, figure=figure),
        "Each exposure in every study side by side, with what may be compared and what may not.",
        downloads=tuple(downloads), data_date=dates(shown), entries=entries, files=files,
    )  # fmt: skip


def _claims_page(said: Across, shown: Sequence[Shown]) -> SitePage:
    asked = topics(said)
    entries = (
        *(Entry(f"{one.name.capitalize()}: {one.answer}", one.href, "answer", one.word) for one in asked),
        *(Entry(f"{one.claim} ({one.briefly})", f"claims.html#{one.id}", "saying", one.alike) for one in said.entries),
    )
    return SitePage(
        "claims.html", "What people say, what the data say", filled("claims", said=said, topics=asked),
        f"{len(said.entries)} popular sayings about sleep starts, each with the verdict of every study.",
        data_date=dates(shown), entries=entries, files={"claims.csv": claims_table(said).write_csv().encode()},
        downloads=(Link("claims.csv", "claims.csv", "every saying with the verdict of each study"),),
    )  # fmt: skip


def _data_page(data: Sequence[Released], shown: Sequence[Shown]) -> SitePage:
    entries = tuple(
        Entry(f"Get the tables into {name}", f"data.html#{id_}", "how to")
        for name, id_ in {"R": "r", "Python": "python", "SPSS": "spss", "Stata": "stata", "Excel": "excel"}.items()
    )
    return SitePage(
        "data.html", "Get the data", filled("data", data=data, formats=FORMATS, shown=shown, elsewhere=ELSEWHERE),
        "The released tables in every format, and one line each for R, Python, SPSS, Stata and Excel.",
        data_date="; ".join(one.dated for one in data), entries=entries,
        files={name: content for one in data for name, content in one.files.items()},
    )  # fmt: skip


def _send_page() -> SitePage:
    return SitePage(
        "send.html", "Send data", filled("send"),
        "How to send a survey or a diary: check it, see what would be published, send it.",
    )  # fmt: skip


def _methods_page(shown: Sequence[Shown]) -> SitePage:
    asked = tuple(instruments().values())
    families = {row.family for one in asked for row in one.primary}
    covariances = {row.covariance for one in asked for row in one.primary}
    return SitePage(
        "methods.html", "How it was made",
        filled(
            "methods", instruments=asked, title=exposure_title, readable=readable, studies=STUDIES, shown=shown,
            families={name: words for name, words in FAMILIES.items() if name in families},
            covariances={name: words for name, words in COVARIANCES.items() if name in covariances},
            frozen=FROZEN, kept=specification_hash() == FROZEN, verdicts=VERDICTS, steps=STEPS,
        ),
        "How the numbers are made: the comparisons fixed beforehand, the models, the rule of the verdicts.",
        data_date=dates(shown),
    )  # fmt: skip
