"""The workflows give strangers' pull requests nothing to hold on to.

`nox -s workflows` holds them to GitHub's schemas.
"""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from hypnic.datasets.intake.comment import MARKER
from hypnic.schemas.submission import FACTS

GITHUB = Path(__file__).parents[1] / ".github"
FILES = sorted((GITHUB / "workflows").glob("*.yml"))


def read(path: Path) -> dict:
    return YAML(typ="safe").load(path.read_text("utf-8"))


CHECK, COMMENT = (read(GITHUB / "workflows" / f"{name}-submissions.yml") for name in ("check", "comment"))
JOBS = [(f"{file.stem}: {name}", job) for file in FILES for name, job in read(file)["jobs"].items()]
STEPS = [(f"{job_name} {number}", step) for job_name, job in JOBS for number, step in enumerate(job["steps"])]
in_jobs = pytest.mark.parametrize("job", [job for _, job in JOBS], ids=[name for name, _ in JOBS])
in_steps = pytest.mark.parametrize("step", [step for _, step in STEPS], ids=[name for name, _ in STEPS])


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_action_is_pinned_to_a_commit_and_says_its_version(file: Path) -> None:
    used = re.findall(r"uses: (.*)", file.read_text("utf-8"))
    assert used
    assert all(re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", each) for each in used)


@in_steps
def test_no_expression_is_pasted_into_a_script(step: dict) -> None:
    assert "${{" not in step.get("run", "")


@in_steps
def test_no_checkout_leaves_its_token_behind(step: dict) -> None:
    if step.get("uses", "").startswith("actions/checkout@"):
        assert step["with"]["persist-credentials"] is False


@in_jobs
def test_every_job_has_an_end(job: dict) -> None:
    assert job["timeout-minutes"] <= 15


def test_the_check_may_only_read_and_runs_the_code_of_the_base() -> None:
    assert CHECK["permissions"] == {"contents": "read"}
    assert "pull_request" in CHECK["on"]
    (job,) = CHECK["jobs"].values()
    assert "permissions" not in job
    base, request = (step["with"] for step in job["steps"] if step.get("uses", "").startswith("actions/checkout@"))
    assert (base["path"], base["ref"]) == ("base", "${{ github.event.pull_request.base.sha }}")
    assert request["path"] == "request"
    installs = [step["run"] for step in job["steps"] if "pip install" in step.get("run", "")]
    assert [line.split()[-1] for line in installs] == ["./base"]


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


def script(job: str, words: str) -> str:
    (found,) = (step["run"] for step in COMMENT["jobs"][job]["steps"] if words in step.get("run", ""))
    return found


def bash(text: str, folder: Path, **env: str) -> subprocess.CompletedProcess[str]:
    """Run a step's script as GitHub does."""
    path = f"{folder}{os.pathsep}{os.environ['PATH']}"
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", text]
    return subprocess.run(  # noqa: S603
        command, cwd=folder, env={**os.environ, **env, "PATH": path}, capture_output=True, text=True, check=False
    )


GH = """#!/usr/bin/env bash
echo "$*" >> calls
case "$*" in
  *pulls/7*) echo abc ;;
  *--paginate*) cat old ;;
esac
"""


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
    run = bash(script("post", "gh api"), tmp_path, REPOSITORY="o/r", NUMBER="7", HEAD_SHA=sha)
    assert (run.returncode, run.stderr) == (0, "")
    assert (tmp_path / "calls").read_text().splitlines()[-1] == last
    assert MARKER.startswith("<!-- hypnic:")


@pytest.mark.skipif(subprocess.run(["which", "jq"], capture_output=True, check=False).returncode != 0, reason="no jq")  # noqa: S607
@pytest.mark.parametrize(
    ("number", "taken"),
    [("7", True), ('"7; id"', False), ("-1", False), ("1.5", False), ("null", False), ('"7\\nx=1"', False)],
)
def test_only_a_number_is_taken_as_the_number(number: str, taken: bool, tmp_path: Path) -> None:
    (tmp_path / "result").mkdir()
    (tmp_path / "result" / "result.json").write_text(f'{{"number": {number}}}')
    run = bash(script("render", "jq"), tmp_path, RUNNER_TEMP=str(tmp_path), GITHUB_OUTPUT=str(tmp_path / "output"))
    assert (run.returncode == 0) is taken
    assert (tmp_path / "output").exists() is taken
