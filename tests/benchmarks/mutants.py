"""Change one number, comparison or operator of the code at a time; a test should notice.

cosmic-ray makes the mutants. It was chosen over mutmut 3, which changes nothing in class bodies, decorated functions
or module constants, and the bounds and rules of the schemas stand just there. Its own runner starts Python afresh for
each mutant (5 s for the imports alone), so here each mutant is a fork of a process that has imported the libraries,
and coverage contexts tell which tests ran the changed line: these go first, then the other tests of that file.
The order of the mutants is seeded and spread over the files, so that any first part of it is a fair sample.
Needs fork, so no Windows.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import difflib
import hashlib
import importlib
import importlib.util
import json
import multiprocessing
import os
import pickle
import random
import resource
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOMS = ("schemas", "datasets/checking", "analysis/regression")
# The mirror of the rooms, and then who else uses the schemas.
TESTS = (
    "tests/schemas", "tests/datasets/checking", "tests/analysis/regression", "tests/test_generated.py",
    "tests/datasets/intake", "tests/datasets/nhanes", "tests/test_doctests.py",
)  # fmt: skip
MIRROR = TESTS[:4]
GENERATED = "tests/test_generated.py"  # holds every fact of the schemas to the committed dictionary
TEST_SECONDS = 25  # of tests for one mutant, as timed on the code as it is
CPU_SECONDS = 90  # for one mutant, then it has timed out
# One change of each kind: the rest (a sum made a shift of bits) only raise TypeErrors, which are too easy to notice.
OPERATORS = [
    *(f"ReplaceBinaryOperator_{pair}" for pair in (
        "Add_Sub", "Sub_Add", "Mul_Div", "Div_Mul", "FloorDiv_Div", "Mod_Mul", "Pow_Mul", "BitAnd_BitOr",
        "BitOr_BitAnd", "BitXor_BitOr",
    )),
    *(f"ReplaceComparisonOperator_{pair}" for pair in (
        "Lt_LtE", "LtE_Lt", "Gt_GtE", "GtE_Gt", "Lt_GtE", "LtE_Gt", "Gt_LtE", "GtE_Lt",
        "Eq_NotEq", "NotEq_Eq", "Is_IsNot", "IsNot_Is",
    )),
    "ReplaceUnaryOperator_Delete_USub", "ReplaceUnaryOperator_Delete_Invert", "ReplaceUnaryOperator_Delete_Not",
    "AddNot", "ReplaceTrueWithFalse", "ReplaceFalseWithTrue", "ReplaceAndWithOr", "ReplaceOrWithAnd",
    "ReplaceBreakWithContinue", "ReplaceContinueWithBreak", "ExceptionReplacer", "NumberReplacer", "RemoveDecorator",
    "ZeroIterationForLoop",
]  # fmt: skip
# Changes no test can see: what only type checkers read, and caches.
UNSEEN = ("TYPE_CHECKING", "@overload", "@cache", "@lru_cache", "@functools.cache")


@dataclass(frozen=True)
class Mutant:
    """One change to one file of the package."""

    file: str
    line: int
    operator: str
    occurrence: int

    @property
    def room(self) -> str:
        return next(room for room in ROOMS if self.file.startswith(f"{room}/"))

    def code(self, source: str) -> str:
        from cosmic_ray.mutating import mutate_code
        from cosmic_ray.plugins import get_operator

        return mutate_code(source, get_operator(f"core/{self.operator}")(), self.occurrence) or source


@dataclass
class Watch:
    """A pytest plugin: which tests ran which lines, how long they took, and which failed; or only some tests."""

    chosen: list[str] | None = None
    coverage: Any = None
    seconds: dict[str, float] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)

    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        if self.chosen is not None:
            place = {name: index for index, name in enumerate(self.chosen)}
            items[:] = sorted((item for item in items if item.nodeid in place), key=lambda item: place[item.nodeid])

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        self.seconds[nodeid] = time.process_time()  # other programs do not lengthen it
        if self.coverage:
            self.coverage.switch_context(nodeid)

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        self.seconds[nodeid] = time.process_time() - self.seconds[nodeid]

    def pytest_runtest_logreport(self, report: Any) -> None:
        if report.failed:
            self.failed.append(report.nodeid)


def package() -> Path:
    """Find the installed package without importing it."""
    spec = importlib.util.find_spec("hypnic")
    assert spec is not None
    return Path(next(iter(spec.submodule_search_locations or [])))


def mutants(folder: Path, seed: int) -> list[Mutant]:
    """List every mutant, in a seeded order whose every beginning is spread over the files."""
    draw = random.Random(seed)  # noqa: S311 - a sample, no secret
    placed = []
    for room in ROOMS:
        for path in sorted((folder / room).rglob("*.py")):
            found = list(_of_file(path, path.relative_to(folder).as_posix()))
            draw.shuffle(found)
            placed += [((index + draw.random()) / len(found), mutant) for index, mutant in enumerate(found)]
    return [mutant for _, mutant in sorted(placed, key=lambda pair: pair[0])]


def _of_file(path: Path, name: str) -> Iterator[Mutant]:
    from cosmic_ray.ast import ast_nodes, get_ast
    from cosmic_ray.plugins import get_operator

    source = path.read_text("utf-8")
    lines, notes = source.splitlines(), list(_annotations(ast.parse(source)))
    nodes = list(ast_nodes(get_ast(source)))
    for operator in OPERATORS:
        positions = (
            start for node in nodes for start, _ in get_operator(f"core/{operator}")().mutation_positions(node)
        )
        for occurrence, start in enumerate(positions):
            read = any(first <= start < last for first, last in notes)
            if not read and not any(word in lines[start[0] - 1] for word in UNSEEN):
                yield Mutant(name, start[0], operator, occurrence)


def _annotations(tree: ast.AST) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    for node in ast.walk(tree):
        for note in (getattr(node, "returns", None), node.annotation if isinstance(node, ast.arg) else None):
            if note is not None:
                yield (note.lineno, note.col_offset), (note.end_lineno, note.end_col_offset)


def forked(work: Callable[[], int]) -> int:
    """Do work in a fork that has a bounded processor time; give its exit code, minus the signal that ended it."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    code = 3
    with contextlib.suppress(BaseException), Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), 1)
        os.dup2(nowhere.fileno(), 2)
        code = work()
    os._exit(code)


def run(watch: Watch, files: list[str], *arguments: str) -> int:
    """Run pytest in this process."""
    import pytest

    quiet = ("-q", "--tb=no", "--no-header", "--no-summary", "-p", "no:cacheprovider")
    known = ("-W", "ignore::pytest.PytestAssertRewriteWarning")  # plugins of pytest imported by settle
    return int(pytest.main([*quiet, *known, *arguments, *files], plugins=[watch]))


def baseline(folder: Path, result: Path) -> dict[str, Any]:
    """Run the tests on the code as it is: their times, and the tests that ran each line of each file."""

    def work() -> int:
        import coverage

        os.environ["COVERAGE_CORE"] = "ctrace"  # the only core that knows contexts on every Python
        measure = coverage.Coverage(data_file=None, config_file=False, include=[f"{folder}/{r}/*" for r in ROOMS])
        watch = Watch(coverage=measure)
        measure.start()
        code = run(watch, list(TESTS))
        measure.stop()
        data, ran = measure.get_data(), {}
        for file in data.measured_files():
            lines = {line: {*names} - {""} for line, names in data.contexts_by_lineno(file).items()}
            ran[Path(file).relative_to(folder).as_posix()] = lines
        result.write_bytes(pickle.dumps({"seconds": watch.seconds, "failed": watch.failed, "ran": ran}))
        return code

    if forked(work) not in {0, 1}:
        sys.exit("the tests could not be run on the code as it is")
    return pickle.loads(result.read_bytes())  # noqa: S301 - written by the fork above


def choose(mutant: Mutant, base: dict[str, Any], kills: Counter[tuple[str, str]]) -> list[str]:
    """Choose the tests for a mutant: those that ran its line, then those that ran its file; quick killers first.

    A line that runs at import belongs to every test of its room; then those of the file's name go first.
    """
    ran = base["ran"]
    lines, stem = ran.get(mutant.file, {}), Path(mutant.file).stem
    of_line, of_file = lines.get(mutant.line, set()), set().union(*lines.values())
    close = {
        name for name in base["seconds"] if name.startswith(GENERATED) or f"{stem}.py" in name or f".{stem}]" in name
    }
    if not of_line:
        room = [names for file in ran if file.startswith(mutant.room) for names in ran[file].values()]
        of_file = of_file.union(close, *room)
    good = [name for name in base["seconds"] if name in of_line | of_file and name not in base["failed"]]
    near, seconds = of_line or close, base["seconds"]
    turns = Counter[str]()  # the first case of each test goes before the second of any
    rank = {}
    for name in sorted(good, key=seconds.__getitem__):
        test = name.partition("[")[0]
        mirror = name.startswith(MIRROR)
        rank[name] = (-kills[mutant.file, name], name not in near, not mirror, turns[test], seconds[name])
        turns[test] += 1
    chosen, spent = [], 0.0
    for name in sorted(good, key=rank.__getitem__):
        if not chosen or spent + seconds[name] <= TEST_SECONDS:
            spent += seconds[name]
            chosen.append(name)
    return chosen


def judge(mutant: Mutant, tests: list[str], folder: Path, *, changed: bool = True) -> tuple[str, str]:
    """Run the tests on one mutant (or on the code unchanged): what became of it, and the test that noticed."""
    noticed = folder.parent / "noticed"
    noticed.write_text("")

    def work() -> int:
        resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
        signal.alarm(10 * CPU_SECONDS)
        watch = Watch(chosen=tests)
        code = run(watch, sorted({name.split("::")[0] for name in tests}), "-x")
        noticed.write_text("".join(watch.failed[:1]))
        return code

    path = folder / mutant.file
    source = path.read_text("utf-8")
    try:
        path.write_text(mutant.code(source) if changed else source, "utf-8")
        code = forked(work)
    finally:
        path.write_text(source, "utf-8")
    late = code in {-signal.SIGXCPU, -signal.SIGALRM, -signal.SIGKILL}
    return "timed out" if late else "survived" if code in {0, 5} else "killed", noticed.read_text()


def worker(folder: Path, todo: Any, done: Any, base: dict[str, Any], until: float) -> None:
    """Judge mutants on an own copy of the package until there are no more, or no more time."""
    kills: Counter[tuple[str, str]] = Counter()
    use(folder)
    while (mutant := todo.get()) is not None and time.monotonic() < until:
        tests = choose(mutant, base, kills)
        outcome, by = judge(mutant, tests, folder) if tests else ("survived", "")
        kills[mutant.file, by] += bool(by)
        done.put((mutant, outcome))
    done.put(None)


def use(folder: Path) -> None:
    """Let this process and what it starts import the copy in folder."""
    sys.path.insert(0, str(folder.parent))
    os.environ["PYTHONPATH"] = str(folder.parent)


def settle() -> None:
    """Import what takes long, nothing of hypnic; let hypothesis draw the same examples each time, and shrink none."""
    for library in ("pandera.polars", "pytest", "scipy.optimize", "scipy.stats", "statsmodels.api"):
        importlib.import_module(library)
    import hypothesis

    phases = (hypothesis.Phase.explicit, hypothesis.Phase.generate)
    hypothesis.settings.register_profile("mutants", phases=phases, database=None, derandomize=True, deadline=None)
    hypothesis.settings.load_profile("mutants")
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"  # compiled mutants would outlive them


def table(everything: list[Mutant], outcomes: dict[Mutant, str]) -> None:
    """Print a line for each room."""
    print(f"{'room':22}{'mutants':>9}{'tried':>7}{'killed':>8}{'survived':>10}{'timed out':>11}{'noticed':>9}")
    for room in (*ROOMS, ""):
        counts = Counter(outcome for mutant, outcome in outcomes.items() if mutant.file.startswith(room))
        tried = counts.total()
        share = f"{1 - counts['survived'] / tried:9.1%}" if tried else f"{'-':>9}"
        there = sum(mutant.file.startswith(room) for mutant in everything)
        shown = "".join(f"{counts[name]:{wide}}" for name, wide in (("killed", 8), ("survived", 10), ("timed out", 11)))
        print(f"{room or 'all':22}{there:9}{tried:7}{shown}{share}")


def show(mutant: Mutant, outcome: str) -> None:
    """Print a mutant as file:line and what it changes."""
    source = (package() / mutant.file).read_text("utf-8")
    print(f"\n{mutant.file}:{mutant.line} {outcome} ({mutant.operator}, {mutant.occurrence})")
    changed = difflib.unified_diff(source.splitlines(), mutant.code(source).splitlines(), n=0, lineterm="")
    print(*(line for line in changed if line[:2] not in {"--", "++", "@@"}), sep="\n", flush=True)


def known(cache: Path | None) -> dict[str, str]:
    """Read what an earlier run found out, by key."""
    lines = cache.read_text("utf-8").splitlines() if cache and cache.exists() else []
    return dict(json.loads(line) for line in lines)


def key(mutant: Mutant) -> str:
    """Name a mutant; the name changes with its file."""
    source = hashlib.sha256((package() / mutant.file).read_bytes()).hexdigest()[:8]
    return f"{mutant.file}:{mutant.line}:{mutant.operator}:{mutant.occurrence}:{source}"


def main() -> None:
    """Judge as many mutants as the time allows; print each that no test noticed, and how many were."""
    say = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    say.add_argument("--minutes", type=float, default=20, help="stop after this time, baseline included (20)")
    say.add_argument("--sample", type=int, help="try only the first so many mutants of the order")
    say.add_argument("--seed", type=int, default=1, help="of the order in which mutants are tried (1)")
    say.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="processes (one a core)")
    say.add_argument("--only", default="", help="try only files whose name holds this")
    say.add_argument("--cache", type=Path, help="keep outcomes there; the next run tries only what was not killed")
    asked = say.parse_args()
    until = time.monotonic() + 60 * asked.minutes
    settle()
    fork = multiprocessing.get_context("fork")
    with tempfile.TemporaryDirectory() as scratch:
        copies = [shutil.copytree(package(), Path(scratch, str(n), "hypnic")) for n in range(asked.workers)]
        everything = mutants(package(), asked.seed)
        todo, done = fork.Queue(), fork.Queue()
        before = known(asked.cache)
        sample = [m for m in everything if asked.only in m.file][: asked.sample]
        outcomes = {mutant: "killed" for mutant in sample if before.get(key(mutant)) == "killed"}
        for mutant in sorted(sample, key=lambda mutant: key(mutant) in before):  # what is new goes first
            if mutant not in outcomes:
                todo.put(mutant)
        use(copies[0])
        base = baseline(copies[0], Path(scratch, "base"))
        print(f"{len(base['seconds'])} tests, {sum(base['seconds'].values()):.0f} s; left out as failing unchanged:")
        print(*sorted(base["failed"]) or ["none"], sep="\n", flush=True)
        for mutant in [next(m for m in everything if m.room == room) for room in ROOMS]:
            outcome, by = judge(mutant, choose(mutant, base, Counter()), copies[0], changed=False)
            if outcome != "survived":
                sys.exit(f"the tests fail on the code as it is, when some are run without the others: {by}")
        jobs = [fork.Process(target=worker, args=(copy, todo, done, base, until)) for copy in copies]
        for job in jobs:
            todo.put(None)
            job.start()
        ended = 0
        while ended < len(jobs):
            if (answer := done.get()) is None:
                ended += 1
                continue
            mutant, outcome = answer
            outcomes[mutant] = outcome
            if outcome != "killed":
                show(mutant, outcome)
            if asked.cache:
                with asked.cache.open("a", encoding="utf-8") as file:
                    file.write(json.dumps([key(mutant), outcome]) + "\n")
        todo.cancel_join_thread()
        table(everything, outcomes)


if __name__ == "__main__":
    main()
