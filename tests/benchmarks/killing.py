"""Kill builds at random moments, run two at once, fill the disk: count the reports that are broken afterwards.

A build is first made from nothing. Then builds of the same report are killed (SIGKILL): every second one makes all
anew, the others take what was kept, and are killed while they write. Likewise a file that `hypnic check --fix` writes,
a release, a submission and a withdrawal. `-- --kills 20` says how many of each; `-- --cold 2` how many of the builds
make all anew.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from hashlib import sha256
from importlib.resources import files as resources
from pathlib import Path

from hypnic.datasets.intake.withdrawal import code_hash, new_code

HYPNIC = str(Path(sys.executable).with_name("hypnic"))
SMALL = 100_000  # bytes that a file may have where the disk is as good as full
Whole = Callable[[Path], bool]


def run(arguments: list[str], after: float | None = None) -> tuple[int, bool]:
    """Run hypnic, killed after so many seconds; give its exit code, and whether a process of it goes on."""
    started = subprocess.Popen(  # noqa: S603
        [HYPNIC, *arguments], start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        code = started.wait(after)
    except subprocess.TimeoutExpired:
        started.kill()
        code = started.wait()
    for _ in range(100):
        try:
            os.killpg(started.pid, 0)
        except ProcessLookupError:
            return code, False
        time.sleep(0.1)
    os.killpg(started.pid, signal.SIGKILL)
    return code, True


def report_whole(out: Path) -> bool:
    """Tell whether every file of a report is as its provenance says, and there is no other."""
    try:
        outputs = json.loads((out / "provenance.json").read_text("utf-8"))["outputs"]
    except (OSError, ValueError):
        return False
    present = {path.relative_to(out).as_posix(): path for path in out.rglob("*") if path.is_file()}
    del present["provenance.json"]
    return {name: sha256(path.read_bytes()).hexdigest() for name, path in present.items()} == outputs


def release_whole(out: Path) -> bool:
    """Tell whether every file of a release is as its SHA256SUMS says."""
    (place,) = (path for path in out.iterdir() if not path.name.startswith("."))
    lines = (place / "SHA256SUMS").read_text("utf-8").splitlines()
    return all(
        sha256((place / name).read_bytes()).hexdigest() == given for given, name in (one.split("  ") for one in lines)
    )


def same(content: bytes, out: Path) -> bool:
    """Tell whether a file is what it was."""
    return out.read_bytes() == content


def published_whole(names: set[str], out: Path) -> bool:
    """Tell whether a submission is there with all its files, or not at all."""
    there = {path.name for path in out.glob("[!.]*/*")}
    return not there or there == names


def withdrawn_whole(stones: bytes, out: Path) -> bool:
    """Tell whether a list of those who left is there whole, or not at all."""
    return not out.exists() or out.read_bytes() == stones


def killed(  # noqa: PLR0913 -- what is killed, how often, and what is looked at afterwards
    name: str, commands: list[list[str]], out: Path, whole: Whole, kills: int, *, clear: Callable[[], object] = bool
) -> int:
    """Kill commands by turns, each within the time that it takes; print and count what is broken afterwards.

    `clear` takes away what a command that was too quick had made.
    """
    moments = random.Random(20)  # noqa: S311
    broken = hidden = going = ended = 0
    takes: dict[int, float] = {}
    for number in range(kills):
        at = number % len(commands)
        if at not in takes:
            start = time.monotonic()
            run(commands[at])
            takes[at] = time.monotonic() - start
            clear()
        code, goes_on = run(commands[at], moments.uniform(0, takes[at]))
        ended += code == 0
        going += goes_on
        broken += not whole(out)
        clear()
    run(commands[-1])
    broken += not whole(out)
    hidden = sum(path.name.startswith(f".{out.name}.") for path in out.parent.iterdir())
    print(
        f"{name}: killed {kills - ended} of {kills}, broken {broken}, workers that went on {going},"
        f" hidden folders after the next run {hidden}"
    )
    return broken + hidden + going


def at_once(build: list[str], out: Path) -> int:
    """Run two builds at once, and then one on a full disk; print and count what is broken."""
    runs = [subprocess.Popen([HYPNIC, *build], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for _ in "ab"]  # noqa: S603
    codes = [one.wait() for one in runs]
    hidden = sum(path.name.startswith(f".{out.name}.") for path in out.parent.iterdir())
    print(f"two builds at once: exit codes {codes}, broken {int(not report_whole(out))}, hidden folders {hidden}")
    limit = partial(resource.setrlimit, resource.RLIMIT_FSIZE, (SMALL, SMALL))
    full = subprocess.run([HYPNIC, *build], check=False, capture_output=True, text=True, preexec_fn=limit)  # noqa: S603
    lines = full.stderr.strip().splitlines()
    hidden += sum(path.name.startswith(f".{out.name}.") for path in out.parent.iterdir())
    print(
        f"no room to write: exit code {full.returncode}, lines said {len(lines)}, broken {int(not report_whole(out))},"
        f" hidden folders {hidden}"
    )
    return hidden + any(codes) + (not report_whole(out)) + (full.returncode != 2) + (len(lines) != 1)


def intake(demo: Path, home: Path, kills: int) -> int:
    """Kill submissions of the demo, and withdrawals from it; print and count what is broken."""
    mine, box = home / "mine", home / "box"
    shutil.copytree(demo, mine)
    code, person = new_code(), (mine / "participants.csv").read_text("utf-8").splitlines()[1].split(",")[0]
    (mine / "withdrawals.csv").write_text(f"code_hash,participant_id\n{code_hash(code)},{person}\n", "utf-8")
    submitting = ["submit", str(mine), "--to", str(box)]
    run(submitting)
    (home_of,) = box.iterdir()
    names = {path.name for path in home_of.iterdir()}
    remove = partial(shutil.rmtree, home_of, ignore_errors=True)
    remove()
    faults = killed("submit", [submitting], box, partial(published_whole, names), kills, clear=remove)
    withdrawing, stones = ["withdraw", code, "--in", str(box)], home_of / "withdrawn.txt"
    run(withdrawing)
    whole = partial(withdrawn_whole, stones.read_bytes())
    return faults + killed(
        "withdraw", [withdrawing], stones, whole, kills, clear=partial(stones.unlink, missing_ok=True)
    )


def main() -> None:
    """Kill, print, and end with 1 where anything is broken."""
    say = argparse.ArgumentParser()
    say.add_argument("--kills", type=int, default=20)
    say.add_argument("--cold", type=int, default=2, help="of these, builds that make all anew")
    asked = say.parse_args()
    demo = Path(str(resources("hypnic.datasets") / "demo"))
    with tempfile.TemporaryDirectory() as home:
        os.environ["HYPNIC_CACHE"] = str(Path(home, "cache"))
        out = Path(home, "report")
        build = ["report", "--study", "demo", "--out", str(out)]
        start = time.monotonic()
        run(build)
        print(f"from nothing {time.monotonic() - start:.0f} s, whole: {report_whole(out)}")
        faults = killed("builds that take what was kept", [build], out, report_whole, asked.kills - asked.cold)
        faults += killed("builds that make all anew", [[*build, "--no-cache"]], out, report_whole, asked.cold)
        faults += at_once(build, out)
        fixed = Path(home, "fixed.csv")
        fix = ["check", str(demo / "nights.csv"), "--fix", str(fixed)]
        run(fix)
        faults += killed("check --fix", [fix], fixed, partial(same, fixed.read_bytes()), asked.kills // 2)
        released = Path(home, "released")
        release = ["release", "--study", "demo", "--out", str(released)]
        run(release)
        faults += killed("release", [release], released, release_whole, asked.kills // 4)
        faults += intake(demo, Path(home), asked.kills)
    raise SystemExit(bool(faults))


if __name__ == "__main__":
    main()
