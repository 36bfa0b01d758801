"""CDC's variables of NHANES 2005-2008: which table of which cycle has each, and its codes for what is missing."""

from typing import Final, NamedTuple

CYCLES: Final = {"D": "2005-2006", "E": "2007-2008"}
"""CDC's table suffix and the years it stands for."""


class Source(NamedTuple):
    """Where a variable is: table (without the cycle's suffix), missing codes, the cycles that have it."""

    table: str
    missing: tuple[int, ...] = ()
    cycles: str = "".join(CYCLES)


PHQ_ITEMS: Final = tuple(f"DPQ0{n}0" for n in (1, 2, 4, 5, 6, 7, 8, 9))
"""PHQ-9 without its third item, trouble sleeping, which lies too near the outcome."""
NUTRIENTS: Final = {
    "caffeine_mg": "CAFF",
    "energy_kcal": "KCAL",
    "magnesium_mg": "MAGN",
    "potassium_mg": "POTA",
    "calcium_mg": "CALC",
}
"""Column, and how its daily total ends in both recalls (`DR1TCAFF`, `DR2TCAFF`)."""

# Every variable that is read, with its codes for refused and don't know; CDC's "." is null already.
_SOURCES: Final = [
    (Source("DEMO"), "SDDSRVYR RIAGENDR RIDAGEYR RIDRETH1 INDFMPIR WTINT2YR WTMEC2YR SDMVSTRA SDMVPSU"),
    (Source("DEMO", (7, 9)), "DMDEDUC2"),
    (Source("SLQ", (77, 99)), "SLD010H"),
    (Source("SLQ", (7, 9)), "SLQ030 SLQ150 SLQ160"),
    (Source("DPQ", (7, 9)), " ".join(PHQ_ITEMS)),
    (Source("HSQ", (77, 99)), "HSQ480"),
    (Source("HSQ", (77, 99), "E"), "HSQ496"),
    (Source("ALQ", (7, 9)), "ALQ110 ALQ120U ALQ140U"),
    (Source("ALQ", (777, 999)), "ALQ120Q ALQ130"),
    (Source("ALQ", (7777, 9999)), "ALQ140Q"),
    (Source("PAQ", (7, 9), "D"), "PAD200"),
    (Source("PAQ", (7, 9), "E"), "PAQ605 PAQ650"),
    (Source("BMX"), "BMXBMI"),
    (Source("SMQ", (7, 9)), "SMQ020 SMQ040"),
    (Source("DR1TOT"), "WTDRD1 WTDR2D DR1DRSTZ DR1DAY " + " ".join(f"DR1T{n}" for n in NUTRIENTS.values())),
    (Source("DR2TOT"), "DR2DRSTZ DR2DAY " + " ".join(f"DR2T{n}" for n in NUTRIENTS.values())),
    (Source("DR1IFF"), "DR1_020 DR1ICAFF"),
    (Source("DR2IFF"), "DR2_020 DR2ICAFF"),
    (Source("RXQ_RX", (7, 9)), "RXDUSE"),
    (Source("RXQ_RX"), "RXDDRGID"),
]
SOURCES: Final = {variable: item for item, variables in _SOURCES for variable in variables.split()}
"""Variable to where it is."""
