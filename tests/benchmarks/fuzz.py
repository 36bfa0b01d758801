"""Random and mutated files given to `hypnic.check`: no traceback, no hang.

`python tests/benchmarks/fuzz.py [COUNT [SEED]]` prints how each of COUNT inputs (20,000) ended.
"""

from __future__ import annotations

import contextlib
import gzip
import io
import os
import random
import select
import subprocess
import sys
import tempfile
import time
import zipfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import hypnic
from hypnic.datasets.checking.changes import fix
from hypnic.datasets.findings.text import as_text
from hypnic.datasets.loading import data_folder
from hypnic.errors import HypnicError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FIX_EVERY = 10  # inputs, of which one is also fixed and checked again
BATCH = 1000  # inputs drawn from one seed
LIMIT = 10  # seconds of a processor's time that an input may take: a busy machine is no fault
HANGS = 600  # seconds in which nothing ends, on whatever machine
SLOW = f"DEFECT: more than {LIMIT} s"
CHILD = "--child"
ODD = [b"\0", b'"', b"\r", b"\n", b",", b";", b"\t", b"|", b"\xff", b"\x81", b"\xef\xbb\xbf", b"\xff\xfe",
       b"\xe2\x80\xa8",
       b"=1+1", b"1e999", b"-", b"NaN", b"99999999999999999999", b"23:30", b"1,5", b"\xf0\x9f\x98\xb4"]  # fmt: skip


def seeds() -> list[bytes]:
    """Give small honest files to begin with: both synthetic demo tables, and how people save them."""
    demo = [(data_folder() / "demo" / f"{name}.csv").read_bytes() for name in ("nights", "participants")]
    plain = [b"".join(content.splitlines(keepends=True)[:6]) for content in demo]
    text = plain[0].decode()
    other = [text.encode("utf-16"), text.replace(",", ";").replace(".", ",").encode("cp1252"), gzip.compress(plain[0])]
    return [*plain, *other, workbook(plain[0])]


def workbook(content: bytes) -> bytes:
    """Give a table as an Excel workbook."""
    import xlsxwriter

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet = book.add_worksheet()
        for number, line in enumerate(content.decode().splitlines()):
            sheet.write_row(number, 0, line.split(","))
    return buffer.getvalue()


def inputs(count: int, seed: int) -> Iterator[bytes]:
    """Yield `count` inputs: a tenth random bytes, the rest honest files with one to eight mutations."""
    draw = random.Random(seed)  # noqa: S311 -- the same inputs each time
    honest = seeds()
    for _ in range(count):
        if draw.random() < 0.1:
            yield draw.choice([b"", b"\x1f\x8b", b"PK\x03\x04", b"\xff\xfe"]) + draw.randbytes(draw.randrange(300))
            continue
        content = draw.choice(honest)
        if content[:2] == b"PK" and draw.random() < 0.5:
            yield _inside(draw, content)
            continue
        for _ in range(draw.randint(1, 8)):
            content = draw.choice(MUTATIONS)(draw, content)
        yield content


def _inside(draw: random.Random, content: bytes) -> bytes:
    """Mutate one part of a workbook, and pack it again."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(buffer, "w") as after:
        names = before.namelist()
        chosen = draw.choice([name for name in names if "sheet" in name or "workbook" in name or "Strings" in name])
        for name in names:
            part = before.read(name)
            after.writestr(name, draw.choice(MUTATIONS)(draw, part) if name == chosen else part)
    return buffer.getvalue()


def _insert(draw: random.Random, content: bytes) -> bytes:
    at = draw.randrange(len(content) + 1)
    return content[:at] + draw.choice(ODD) * draw.choice([1, 1, 1, 2, 50]) + content[at:]


def _delete(draw: random.Random, content: bytes) -> bytes:
    at = draw.randrange(len(content) + 1)
    return content[:at] + content[at + draw.choice([1, 1, 5, 100]) :]


def _flip(draw: random.Random, content: bytes) -> bytes:
    if not content:
        return content
    at = draw.randrange(len(content))
    return content[:at] + bytes([draw.randrange(256)]) + content[at + 1 :]


def _cell(draw: random.Random, content: bytes) -> bytes:
    """Put something odd in place of one cell."""
    cells = content.split(b",")
    cells[draw.randrange(len(cells))] = draw.choice([b"", *ODD, b" 5 ", b"TRUE", b"x" * 300, b"1.5 cups", b"\xc3\xa9"])
    return b",".join(cells)


def _repeat(draw: random.Random, content: bytes) -> bytes:
    lines = content.split(b"\n")
    line = draw.randrange(len(lines))
    return b"\n".join([*lines[:line], *[lines[line]] * draw.randint(0, 3), *lines[line + 1 :]])


MUTATIONS: list[Callable[[random.Random, bytes], bytes]] = [_insert, _delete, _flip, _cell, _cell, _repeat]


def endings(count: int, seed: int, start: int = 0) -> Iterator[tuple[str, float]]:
    """Check every input from the number `start` on in this process, and fix some; yield how each ended and its time."""
    with tempfile.TemporaryDirectory() as folder:
        path, out = Path(folder) / "nights.csv", Path(folder) / "fixed.csv"
        for number, content in enumerate(inputs(count, seed)):
            if number < start:
                continue
            path.write_bytes(content)
            began = time.process_time()
            ending = _ending(path, out, fixing=number % FIX_EVERY == 0)
            took = time.process_time() - began
            yield (ending if took < LIMIT else SLOW), took


def _ending(path: Path, out: Path, *, fixing: bool) -> str:
    try:
        found = hypnic.check(path)
        as_text(found, [path])
        if fixing:
            _fix(path, out)
    except HypnicError as error:
        return "refused in one line" if "\n" not in str(error) else "DEFECT: refused in several lines"
    except BaseException as error:  # noqa: BLE001 -- whatever it is, it is what is looked for
        if keep := os.environ.get("HYPNIC_FUZZ_KEEP"):
            Path(keep, f"{type(error).__name__}-{abs(hash(str(error)))}").write_bytes(path.read_bytes())
        return f"DEFECT: {type(error).__name__}: {' '.join(str(error).split())[:200]}"
    return "no findings" if found.is_empty() else "findings"


def _fix(path: Path, out: Path) -> None:
    with contextlib.suppress(HypnicError):  # a line that does not fit cannot be fixed
        fix(path, out)
        hypnic.check(out)


def watched(count: int, seed: int) -> tuple[Counter[str], float]:
    """Check a batch in a process of its own, and go on behind an input that ends it or keeps it for good.

    No alarm strikes inside the checked code: a signal that interrupts a library is a fault of the test's own making.
    """
    counts: Counter[str] = Counter()
    longest = 0.0
    while counts.total() < count:
        done = counts.total()
        command = [sys.executable, "-P", __file__, CHILD, str(count), str(seed), str(done)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0) as child:  # noqa: S603
            said = b""
            while select.select([child.stdout], [], [], HANGS)[0] and (some := os.read(child.stdout.fileno(), 1 << 16)):
                *lines, said = (said + some).split(b"\n")
                for line in lines:
                    took, _, ending = line.decode().partition(" ")
                    counts[ending] += 1
                    longest = max(longest, float(took))
            child.kill()
        if counts.total() < count:
            counts[f"DEFECT: input {counts.total()} of seed {seed} hangs or ends the process ({child.returncode})"] += 1
    return counts, longest


def main() -> None:
    """Print the counts, of batches run next to each other."""
    if sys.argv[1:2] == [CHILD]:
        for ending, took in endings(*map(int, sys.argv[2:])):
            print(took, ending, flush=True)
        return
    count, seed = (*map(int, sys.argv[1:]), *(20_000, 1729)[len(sys.argv) - 1 :])
    sizes = [BATCH] * (count // BATCH) + [count % BATCH] * bool(count % BATCH)
    counts: Counter[str] = Counter()
    longest = 0.0
    os.environ["POLARS_MAX_THREADS"] = "1"  # the files are tiny
    with ThreadPoolExecutor(int(os.environ.get("HYPNIC_FUZZ_AT_ONCE", os.cpu_count() or 1))) as pool:
        for some, slowest in pool.map(watched, sizes, range(seed, seed + len(sizes))):
            counts += some
            longest = max(longest, slowest)
    for ending, number in counts.most_common():
        print(f"{number:>8,}  {ending}")
    print(f"{counts.total():>8,}  inputs, seed {seed}; the longest took {longest:.2f} s")


if __name__ == "__main__":
    main()
