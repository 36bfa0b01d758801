"""NHANES tables as files: found in a folder or fetched from CDC, as `.xpt`, `.csv` or `.csv.xz` alike."""

import lzma
import math
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import polars as pl

from hypnic.errors import HypnicError
from hypnic.schemas.cdc import CYCLES

FOLDER_VARIABLE: Final = "HYPNIC_NHANES"
SUFFIXES: Final = (".xpt", ".csv", ".csv.xz")
CARD: Final = 80
"""Bytes of a SAS transport record: the format's lines are punched cards."""

# Files whose bytes were compared with a second source. CDC publishes no checksums: the others are taken on
# trust over HTTPS and then held to the record counts below.
SHA256: Final = {
    "ALQ_D": "be651da341d629cf2456e5c2fa0387c48fa67cd0949d6dc9acc46ff6060bcabe",
    "DEMO_D": "bf9cc79cce501b2fbe5aa8d5b403b618548d02d4aefeb528335cdd9f4c40a3af",
    "SLQ_D": "c89d7cb94511f76984ab5635c2c5a29d770d58f8f504589e3783ae93d7a5f813",
}
# The totals of CDC's codebooks (of the files for DR2IFF). Neither an XPT nor a CSV says how many records it
# should hold, so a file cut between two is noticed here or nowhere. RXQ_DRUG grows, and has no count.
RECORDS: Final = {
    "ALQ_D": 4773,
    "ALQ_E": 5707,
    "BMX_D": 9950,
    "BMX_E": 9762,
    "DEMO_D": 10348,
    "DEMO_E": 10149,
    "DPQ_D": 5334,
    "DPQ_E": 5995,
    "DR1IFF_D": 146940,
    "DR1IFF_E": 145703,
    "DR1TOT_D": 9950,
    "DR1TOT_E": 9762,
    "DR2IFF_D": 132151,
    "DR2IFF_E": 121341,
    "DR2TOT_D": 9950,
    "DR2TOT_E": 9762,
    "HSQ_D": 9440,
    "HSQ_E": 9307,
    "PAQ_D": 9424,
    "PAQ_E": 9359,
    "RXQ_RX_D": 18005,
    "RXQ_RX_E": 20516,
    "SLQ_D": 6139,
    "SLQ_E": 6546,
    "SMQ_D": 7186,
    "SMQ_E": 7145,
}


def read_table(name: str, columns: Sequence[str] | None = None, source: Path | None = None) -> pl.DataFrame:
    """Read one NHANES table, e.g. `SLQ_D`, with CDC's numeric codes.

    Numbers are Float64 (a column without any value too), text is String, blank text and "." are null.
    `source` is a folder; None means the folder that `HYPNIC_NHANES` names, and without one CDC's website
    (cached, with a progress bar on a terminal). Raises HypnicError for a folder, file or column that is
    missing, and for a file that is damaged or holds another number of records than CDC published.
    """
    (path,) = table_paths([name], source)
    frame = _read_xpt(path, columns) if path.suffix.lower() == ".xpt" else _read_csv(path, columns)
    published = RECORDS.get(name, frame.height)
    if frame.height != published:
        msg = f"{path} holds {frame.height} records, CDC published {published}: delete it and get it again"
        raise HypnicError(msg)
    return frame.select(_tidy(frame[column]) for column in columns or frame.columns)


def table_paths(names: Sequence[str], source: Path | None = None) -> list[Path]:
    """Find the files of tables in their folder, or get them from CDC; source and errors as `read_table`.

    Whatever a folder lacks is told at once.
    """
    folder = source or _folder_from_environment()
    return [_fetch(name) for name in names] if folder is None else _find(names, folder)


def table_url(name: str) -> str:
    """Return where CDC keeps a table.

    >>> table_url("SLQ_D")
    'https://wwwn.cdc.gov/Nchs/Data/Nhanes/Public/2005/DataFiles/SLQ_D.xpt'
    >>> table_url("RXQ_DRUG")
    'https://wwwn.cdc.gov/Nchs/Data/Nhanes/Public/1988/DataFiles/RXQ_DRUG.xpt'
    """
    year = CYCLES.get(name.rpartition("_")[2], "1988")[:4]
    return f"https://wwwn.cdc.gov/Nchs/Data/Nhanes/Public/{year}/DataFiles/{name}.xpt"


def _folder_from_environment() -> Path | None:
    value = os.environ.get(FOLDER_VARIABLE)
    return Path(value) if value else None


def _find(names: Sequence[str], folder: Path) -> list[Path]:
    if not folder.is_dir():
        msg = f"{folder} is not a folder: give one with NHANES tables to --from or {FOLDER_VARIABLE}"
        raise HypnicError(msg)
    present = {path.name.lower(): path for path in sorted(folder.iterdir())}
    found = {name: [path for s in SUFFIXES if (path := present.get(name.lower() + s))] for name in names}
    if absent := [name for name, paths in found.items() if not paths]:
        get = f"get {'each' if absent[1:] else 'it'} from {table_url(absent[0])}{' and so on' if absent[1:] else ''}"
        msg = f"{folder} has no {', '.join(absent)} ({', '.join(SUFFIXES)}): {get}"
        raise HypnicError(msg)
    return [paths[0] for paths in found.values()]


def _fetch(name: str) -> Path:
    import pooch

    pooch.get_logger().setLevel("WARNING")
    url = table_url(name)
    try:
        got = pooch.retrieve(
            url,
            known_hash=SHA256.get(name),
            fname=f"{name}.xpt",
            path=pooch.os_cache("hypnic") / "nhanes",
            processor=_refuse_a_web_page,
            downloader=pooch.HTTPDownloader(progressbar=sys.stderr.isatty(), timeout=60),
        )
    except (OSError, ValueError) as error:  # requests' errors are OSErrors; a wrong checksum is a ValueError
        msg = f"could not get {url} ({type(error).__name__}): download it yourself and pass --from DIR"
        raise HypnicError(msg) from error
    return Path(got)


def _refuse_a_web_page(path: str, _action: str, _pooch: object) -> str:
    """CDC answers an unknown address with an HTML page and status 200; keep that out of the cache."""
    with Path(path).open("rb") as file:
        is_xpt = file.read(13) == b"HEADER RECORD"
    if not is_xpt:
        Path(path).unlink()
        msg = "not an XPT file"
        raise ValueError(msg)
    return path


def _read_csv(path: Path, columns: Sequence[str] | None) -> pl.DataFrame:
    opener = lzma.open if path.suffix.lower() == ".xz" else open
    try:
        with opener(path, "rb") as file:
            content = file.read()
        if not content.endswith(b"\n"):
            raise EOFError  # noqa: TRY301  polars would fill up the broken row
        # All as text: a type guessed from the first rows is wrong for the rare ones.
        lazy = pl.scan_csv(content, infer_schema=False, null_values=["NA", ""])
        _require(columns, lazy.collect_schema().names(), path)
        return (lazy.select(columns) if columns else lazy).collect()
    except (EOFError, lzma.LZMAError, pl.exceptions.PolarsError) as error:
        msg = f"{path} is damaged or cut short ({type(error).__name__}): delete it and get it again"
        raise HypnicError(msg) from error


def _read_xpt(path: Path, columns: Sequence[str] | None) -> pl.DataFrame:
    try:
        import pyreadstat
    except ImportError as error:
        msg = f'{path.name} needs pyreadstat: pip install "hypnic[analysis]"'
        raise HypnicError(msg) from error
    try:
        _, meta = pyreadstat.read_xport(path, metadataonly=True)
        _require(columns, meta.column_names, path)
        # Times stay seconds since midnight, as in CDC's codebooks and in the CSV files.
        frame, _ = pyreadstat.read_xport(
            path,
            usecols=list(columns) if columns else None,
            disable_datetime_conversion=True,
            output_format="polars",
        )
    except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError, UnicodeDecodeError) as error:
        msg = f"{path} is not a whole XPT file: delete it and get it again"
        raise HypnicError(msg) from error
    if not _is_whole_xpt(path, frame.height, list(meta.variable_storage_width.values())):
        msg = f"{path} ends in the middle of a record: delete it and get it again"
        raise HypnicError(msg)
    return pl.DataFrame(frame)


def _is_whole_xpt(path: Path, records: int, widths: Sequence[int]) -> bool:
    """Tell whether only padding follows the last record; the reader drops a record that is cut.

    SAS transport format (SAS TS-140): 8 cards head the file, a 140-byte description of each variable and one
    more card lead to the records, and blanks fill the last card.
    """
    data_start = 8 * CARD + math.ceil(140 * len(widths) / CARD) * CARD + CARD
    with path.open("rb") as file:
        file.seek(data_start + records * sum(widths))
        padding = file.read(CARD)
    return path.stat().st_size % CARD == 0 and len(padding) < CARD and not padding.strip(b" ")


def _require(columns: Sequence[str] | None, present: Sequence[str], path: Path) -> None:
    if absent := sorted(set(columns or ()) - set(present)):
        msg = f"{path.name} has no column {', '.join(absent)}: is it CDC's table, with its own names?"
        raise HypnicError(msg)


def _tidy(column: pl.Series) -> pl.Series:
    """Blank text to null, and to numbers whatever reads as numbers throughout."""
    if column.dtype != pl.String:
        return column.cast(pl.Float64)
    text = column.replace("", None)
    numbers = text.cast(pl.Float64, strict=False)
    return numbers if numbers.null_count() == text.null_count() else text
