"""The workflows give strangers' pull requests nothing to hold on to.

`nox -s workflows` holds them to GitHub's schemas, actionlint, ShellCheck and zizmor.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from hypnic.datasets.intake.comment import MARKER
from hypnic.schemas.submission import FACTS

GITHUB = Path(__file__).parents[1] / ".github"
FILES = sorted((GITHUB / "workflows").glob("*.yml"))


def read(path: Path) -> dict:
    return YAML(typ="safe").load(path.read_text("utf-8"))


CHECK, COMMENT, CI = (
    read(GITHUB / "workflows" / f"{name}.yml") for name in ("check-submissions", "comment-submissions", "ci")
)
JOBS = [(f"{file.stem}: {name}", job) for file in FILES for name, job in read(file)["jobs"].items()]
STEPS = [(f"{job_name} {number}", step) for job_name, job in JOBS for number, step in enumerate(job["steps"])]
in_jobs = pytest.mark.parametrize("job", [job for _, job in JOBS], ids=[name for name, _ in JOBS])
in_steps = pytest.mark.parametrize("step", [step for _, step in STEPS], ids=[name for name, _ in STEPS])


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_action_is_pinned_to_a_commit_and_says_its_version(file: Path) -> None:
    used = re.findall(r"uses: (.*)", file.read_text("utf-8"))
    assert used
    assert all(re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", each) for each in used)


def test_an_action_has_the_same_version_wherever_it_is_used() -> None:
    used = {use for file in FILES for use in re.findall(r"uses: (.*)", file.read_text("utf-8"))}
    assert len({use.partition("@")[0] for use in used}) == len(used)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_token_may_read_at_most_and_an_older_run_gives_way(file: Path) -> None:
    workflow = read(file)
    assert workflow["permissions"] in ({}, {"contents": "read"})
    assert workflow["concurrency"]["group"].startswith(f"{file.stem}-${{{{ github.")


def locked(path: Path) -> dict[str, int]:
    """Count the hashes of each requirement of a lock."""
    entries = re.split(r"\n(?=\S)", path.read_text("utf-8").strip())
    return {entry.partition(" \\")[0]: len(re.findall("--hash=sha256:[0-9a-f]{64}", entry)) for entry in entries}


def test_the_lock_has_a_hash_for_each_version_and_names_no_place() -> None:
    versions = (GITHUB.parent / "constraints.txt").read_text("utf-8").splitlines()
    assert list(locked(GITHUB / "locked.txt")) == versions
    for name in ("locked.txt", "nox.txt"):
        assert min(locked(GITHUB / name).values()) > 0
        assert "://" not in (GITHUB / name).read_text("utf-8")


@in_steps
def test_whatever_is_installed_is_verified_by_its_hash(step: dict) -> None:
    lines = [line.split(" #")[0] for line in step.get("run", "").splitlines() if " pip install" in line]
    verified = r"python -m (pip install -q --require-hashes -r|uv pip install -q --system -c) (base/)?\.github/"
    assert all(re.match(verified, line) for line in lines), lines


def test_the_sessions_of_nox_verify_hashes_there() -> None:
    assert CI["env"] == {"HYPNIC_LOCK": ".github/locked.txt"}
    assert 'os.environ.get("HYPNIC_LOCK"' in (GITHUB.parent / "noxfile.py").read_text("utf-8")


@in_steps
def test_no_expression_is_pasted_into_a_script(step: dict) -> None:
    assert "${{" not in step.get("run", "")


@in_steps
def test_no_checkout_leaves_its_token_behind(step: dict) -> None:
    if step.get("uses", "").startswith("actions/checkout@"):
        assert step["with"]["persist-credentials"] is False


@in_jobs
def test_every_job_has_an_end(job: dict) -> None:
    assert job["timeout-minutes"] <= 45


def test_the_tests_run_on_every_system_and_every_python_that_the_lock_has() -> None:
    matrix = CI["jobs"]["tests"]["strategy"]["matrix"]
    assert matrix["os"] == ["ubuntu-latest", "macos-latest", "windows-latest"]
    oldest = tomllib.loads((GITHUB.parent / "pyproject.toml").read_text("utf-8"))["project"]["requires-python"]
    assert f">={matrix['python'][0]}" == oldest
    assert matrix["python"] == ["3.11", "3.12", "3.13", "3.14"]


def test_every_session_that_ci_runs_is_one_of_nox() -> None:
    sessions = set(re.findall(r"@nox\.session\ndef (\w+)", (GITHUB.parent / "noxfile.py").read_text("utf-8")))
    runs = [step["run"].split(" -- ")[0] for job in CI["jobs"].values() for step in job["steps"] if "run" in step]
    asked = {name for run in runs if "nox -s" in run for name in run.split("-s ")[1].split()}
    assert asked == {"tests", "slow", "lint", "workflows", "types", "bayes", "report", "data"}
    assert asked <= sessions


def test_the_required_check_waits_for_every_other_job_and_always_runs() -> None:
    jobs = CI["jobs"]
    assert set(jobs["required"]["needs"]) == set(jobs) - {"required"}
    assert jobs["required"]["if"] == "always()"
    assert [name for name, job in jobs.items() if "if" in job] == ["required"]  # none is skipped by design
    assert [name for name, job in jobs.items() if "continue-on-error" in job] == []


def test_the_check_may_only_read_and_runs_the_code_of_the_base() -> None:
    assert CHECK["permissions"] == {"contents": "read"}
    assert "pull_request" in CHECK["on"]
    (job,) = CHECK["jobs"].values()
    assert "permissions" not in job
    base, request = (step["with"] for step in job["steps"] if step.get("uses", "").startswith("actions/checkout@"))
    assert (base["path"], base["ref"]) == ("base", "${{ github.event.pull_request.base.sha }}")
    assert request["path"] == "request"
    installs = [step["run"] for step in job["steps"] if "pip install" in step.get("run", "")]
    assert [line.split()[-1] for line in installs] == ["base/.github/nox.txt", "./base"]


def test_the_comment_follows_the_check_and_only_its_last_job_may_write() -> None:
    assert COMMENT["on"] == {"workflow_run": {"workflows": [CHECK["name"]], "types": ["completed"]}}
    assert COMMENT["permissions"] == {}
    permissions = {name: job["permissions"] for name, job in COMMENT["jobs"].items()}
    assert permissions == {"render": {"actions": "read", "contents": "read"}, "post": {"pull-requests": "write"}}


def test_the_comment_takes_no_code_from_the_pull_request() -> None:
    uses = {
        name: [step.get("uses", "").split("@")[0] for step in job["steps"]] for name, job in COMMENT["jobs"].items()
    }
    assert uses["post"] == ["actions/download-artifact", ""]
    (checkout,) = (s for s in COMMENT["jobs"]["render"]["steps"] if s.get("uses", "").startswith("actions/checkout@"))
    assert set(checkout["with"]) == {"persist-credentials"}  # the default branch


def test_the_form_asks_for_what_the_facts_hold() -> None:
    fields = {
        field["id"]: field for field in read(GITHUB / "ISSUE_TEMPLATE" / "submission.yml")["body"] if "id" in field
    }
    for key in ("data_state", "contact_role"):
        assert fields[key]["attributes"]["options"] == list(FACTS[key].options)
    assert all(option["required"] for option in fields["promises"]["attributes"]["options"])


def script(workflow: dict, job: str, words: str) -> str:
    (found,) = (step["run"] for step in workflow["jobs"][job]["steps"] if words in step.get("run", ""))
    return found


def bash(text: str, folder: Path, **env: str) -> subprocess.CompletedProcess[str]:
    """Run a step's script as GitHub does."""
    path = f"{folder}{os.pathsep}{os.environ['PATH']}"
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", text]
    return subprocess.run(  # noqa: S603
        command, cwd=folder, env={**os.environ, **env, "PATH": path}, capture_output=True, text=True, check=False
    )


on_linux = pytest.mark.skipif(sys.platform != "linux", reason="these steps run on Linux")
needs_jq = pytest.mark.skipif(sys.platform != "linux" or shutil.which("jq") is None, reason="no jq, or not on Linux")


@needs_jq
@pytest.mark.parametrize(
    ("results", "passes"),
    [
        (("success", "success"), True),
        (("success", "failure"), False),
        (("cancelled", "success"), False),
        (("success", "skipped"), False),
        ((), False),
    ],
    ids=str,
)
def test_the_required_check_passes_only_if_every_job_did(results, passes: bool, tmp_path: Path) -> None:
    needs = {f"job-{number}": {"result": result, "outputs": {}} for number, result in enumerate(results)}
    run = bash(script(CI, "required", "jq"), tmp_path, NEEDS=json.dumps(needs))
    assert (run.returncode == 0) is passes


GH = """#!/usr/bin/env bash
echo "$*" >> calls
case "$*" in
  *pulls/7*) echo abc ;;
  *--paginate*) cat old ;;
esac
"""


@on_linux
@pytest.mark.parametrize(
    ("old", "sha", "last"),
    [
        ("", "abc", "api --silent --method POST repos/o/r/issues/7/comments --field body=@comment.md"),
        ("5\n6\n", "abc", "api --silent --method PATCH repos/o/r/issues/comments/5 --field body=@comment.md"),
        ("", "def", "api repos/o/r/pulls/7 --jq .head.sha"),
    ],
    ids=["the first", "once more", "another pull request's number"],
)
def test_one_comment_is_written_and_only_where_number_and_commit_belong_together(
    old: str, sha: str, last: str, tmp_path: Path
) -> None:
    (tmp_path / "gh").write_text(GH)
    (tmp_path / "gh").chmod(0o755)
    (tmp_path / "old").write_text(old)
    run = bash(script(COMMENT, "post", "gh api"), tmp_path, REPOSITORY="o/r", NUMBER="7", HEAD_SHA=sha)
    assert (run.returncode, run.stderr) == (0, "")
    assert (tmp_path / "calls").read_text().splitlines()[-1] == last
    assert MARKER.startswith("<!-- hypnic:")


@needs_jq
@pytest.mark.parametrize(
    ("number", "taken"),
    [("7", True), ('"7; id"', False), ("-1", False), ("1.5", False), ("null", False), ('"7\\nx=1"', False)],
)
def test_only_a_number_is_taken_as_the_number(number: str, taken: bool, tmp_path: Path) -> None:
    (tmp_path / "result").mkdir()
    (tmp_path / "result" / "result.json").write_text(f'{{"number": {number}}}')
    run = bash(
        script(COMMENT, "render", "jq"), tmp_path, RUNNER_TEMP=str(tmp_path), GITHUB_OUTPUT=str(tmp_path / "output")
    )
    assert (run.returncode == 0) is taken
    assert (tmp_path / "output").exists() is taken
