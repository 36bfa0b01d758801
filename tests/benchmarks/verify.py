"""Build every study at hand twice, in other folders and surroundings, and compare every file.

The second build has another time zone, language, hash seed, number of threads and of processes, and another kernel of
OpenBLAS. Neither keeps results, or uses those kept. Also held against the files: the hashes that provenance.json has
of what was read and of what was made. `-- --study demo` builds that study alone.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from hashlib import sha256
from importlib.resources import files as resources
from pathlib import Path

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "POLARS_MAX_THREADS")
SURROUNDINGS = {
    "one": {"TZ": "UTC", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "0", "OPENBLAS_CORETYPE": "Haswell"}
    | dict.fromkeys(THREADS, "1"),
    "the other one": {
        "TZ": "Asia/Kathmandu", "LANG": "de_DE.UTF-8", "LC_ALL": "de_DE.UTF-8", "PYTHONHASHSEED": "4242",
        "OPENBLAS_CORETYPE": "Nehalem",
    } | dict.fromkeys(THREADS, "3"),
}  # fmt: skip
JOBS = {"one": "1", "the other one": "2"}


def built(folder: Path, name: str, asked: list[str]) -> dict[str, bytes]:
    """Build into a folder, and give every file by its path."""
    command = str(Path(sys.executable).with_name("hypnic"))
    surroundings = {**os.environ, **SURROUNDINGS[name]}
    out = folder / name / "report"
    out.parent.mkdir()
    given = [command, "report", "--no-cache", "--jobs", JOBS[name], "--out", str(out), *asked]
    subprocess.run(given, check=True, env=surroundings, cwd=folder / name, stdout=subprocess.DEVNULL)  # noqa: S603
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file()}


def untrue(files: dict[str, bytes]) -> list[str]:
    """Name what a provenance.json says that is not so: of a file that was made, or of one that comes with hypnic."""
    found = []
    for name in (name for name in files if name.endswith("provenance.json")):
        base, document = name.removesuffix("provenance.json"), json.loads(files[name])
        made = {
            path.removeprefix(base): sha256(content).hexdigest()
            for path, content in files.items()
            if path.startswith(base) and path != name
        }
        found += [f"{base}{path}" for path in made.keys() | document["outputs"].keys()
                  if made.get(path) != document["outputs"].get(path)]  # fmt: skip
        for path, given in document["inputs"].items() if document["study"] == "demo" else ():
            file = Path(str(resources("hypnic.datasets"))) / path
            found += [path] if sha256(file.read_bytes()).hexdigest() != given else []
    return found


def main() -> None:
    """Build twice, print what was compared and what differs, and end with 1 where anything does."""
    asked = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        one, other = (built(Path(folder), name, asked) for name in SURROUNDINGS)
    differing = sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))
    for name in differing:
        print(f"differs: {name}")
    false = untrue(one)
    for name in false:
        print(f"not as provenance.json says: {name}")
    print(f"files compared {len(one.keys() | other.keys())}, differing {len(differing)}; hashes untrue {len(false)}")
    raise SystemExit(bool(differing or false))


if __name__ == "__main__":
    main()
