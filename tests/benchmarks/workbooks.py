"""Broken and hostile workbooks: none may end in a traceback or an abort, nor take much memory.

`python tests/benchmarks/workbooks.py 2000` makes as many from three sound ones (.xlsx, .ods and .xls), by changing
bytes of the file or of the parts in it, checks each in a few processes, and prints how they ended and the peak of
memory.
"""

from __future__ import annotations

import io
import random
import resource
import subprocess
import sys
import tempfile
import zipfile
from collections import Counter
from pathlib import Path

import openpyxl
import xlwt

from hypnic.schemas.publish import as_template

BATCH = 50  # files a process
CHILD = """
import resource, sys
from pathlib import Path
from hypnic.datasets.checking import check
from hypnic.errors import HypnicError
for path in sys.argv[1:]:
    try:
        print(path, "clean" if check(Path(path)).is_empty() else "findings", flush=True)
    except HypnicError:
        print(path, "refused", flush=True)
    except Exception as error:
        print(path, "traceback", repr(error)[:200], flush=True)
print("peak", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, flush=True)
"""
CELLS = (
    b'r="A1"', b'r="XFD1048576"', b'r="a9"', b't="s"', b't="e"', b"<f>1/0</f>", b"<v>99999999999</v>", b"<v></v>",
    b'hidden="1"',
    b'<mergeCell ref="A1:XFD1048576"/>', b"&#0;", b"]]>", b"<row>", b'table:number-rows-repeated="1048576"',
)  # fmt: skip


def sound() -> dict[str, bytes]:
    """Make a sound workbook of each kind."""
    book = openpyxl.Workbook()
    for line in as_template("nights", example=True).splitlines():
        book.active.append(line.split(","))
    packed = io.BytesIO()
    book.save(packed)
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    lines = [map(cell.format, line.split(",")) for line in as_template("nights", example=True).splitlines()]
    rows = "".join(f"<table:table-row>{''.join(line)}</table:table-row>" for line in lines)
    spaces = "urn:oasis:names:tc:opendocument:xmlns"
    content = (
        f'<office:document-content xmlns:office="{spaces}:office:1.0" xmlns:table="{spaces}:table:1.0"'
        f' xmlns:text="{spaces}:text:1.0"><office:body><office:spreadsheet><table:table table:name="n">{rows}'
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    ods = io.BytesIO()
    with zipfile.ZipFile(ods, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
        archive.writestr("content.xml", content)
    return {"xlsx": packed.getvalue(), "ods": ods.getvalue(), "xls": _old()}


def _old() -> bytes:
    """Make a sound .xls: words, numbers, a time and a merged cell."""
    book, packed = xlwt.Workbook(), io.BytesIO()
    sheet, time = book.add_sheet("nights"), xlwt.easyxf(num_format_str="hh:mm")
    for row, line in enumerate(as_template("nights", example=True).splitlines()):
        for place, cell in enumerate(line.split(",")):
            number = cell.replace(".", "").lstrip("-").isdecimal()
            sheet.write(row, place, float(cell) if number else cell)
    sheet.write(40, 0, 23.25 / 24, time)
    sheet.write_merge(41, 42, 0, 3, "merged")
    book.save(packed)
    return packed.getvalue()


def broken(draw: random.Random, kind: str, content: bytes) -> bytes:
    """Change bytes of a workbook: of the file as it is packed, or of one of its parts."""
    if kind == "xls" or draw.random() < 0.3:
        return _changed(draw, content)
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        target = draw.choice(old.namelist())
        for name in old.namelist():
            part = old.read(name)
            if name == target and draw.random() < 0.1:
                continue
            new.writestr(name, _changed(draw, part) if name == target else part)
    return made.getvalue()


def _changed(draw: random.Random, content: bytes) -> bytes:
    changed = bytearray(content)
    for _ in range(draw.randint(1, 6)):
        at = draw.randrange(len(changed) or 1)
        match draw.randrange(4):
            case 0:
                changed[at : at + 1] = bytes([draw.randrange(256)])
            case 1:
                del changed[at : at + draw.randint(1, 200)]
            case 2:
                changed[at:at] = draw.choice(CELLS)
            case _:
                changed[at:at] = changed[at : at + draw.randint(1, 400)]
    return bytes(changed)


def main(many: int = 2000, seed: int = 5) -> None:
    """Print how the workbooks ended."""
    draw, kinds = random.Random(seed), sound()  # noqa: S311 -- a plan that anybody can repeat
    ended: Counter[str] = Counter()
    peak = 0
    with tempfile.TemporaryDirectory() as name:
        for start in range(0, many, BATCH):
            paths = []
            for number in range(start, min(start + BATCH, many)):
                kind = draw.choice(["xlsx"] * 4 + ["ods"] * 3 + ["xls"] * 3)
                paths.append(Path(name) / f"{number}.{kind}")
                paths[-1].write_bytes(broken(draw, kind, kinds[kind]))
            run = subprocess.run(  # noqa: S603
                [sys.executable, "-P", "-c", CHILD, *map(str, paths)], capture_output=True, text=True, check=False
            )
            lines = [line.split(maxsplit=2) for line in run.stdout.splitlines()]
            ended.update(line[1] for line in lines if line[0] != "peak")
            peak = max([peak, *(int(line[1]) for line in lines if line[0] == "peak")])
            if run.returncode or "peak" not in run.stdout:
                ended["abort"] += 1
                print(f"  abort after {lines[-1] if lines else 'nothing'}: {run.stderr[-300:]}")
            print("".join(f"  {' '.join(line)}\n" for line in lines if line[1] == "traceback"), end="")
            for path in paths:
                path.unlink()
    own = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    print(
        f"{many} workbooks: {dict(ended)}; tracebacks {ended['traceback']}, aborts {ended['abort']},"
        f" peak {max(peak, own)} MB"
    )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
