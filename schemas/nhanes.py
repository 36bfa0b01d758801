"""One row per NHANES 2005-2008 sample person: which CDC variables it comes from, and what it must hold."""

from typing import Any, Final, NamedTuple

import pandera.polars as pa
import polars as pl

CYCLES: Final = {"D": "2005-2006", "E": "2007-2008"}
"""CDC's table suffix and the years it stands for."""


class Item(NamedTuple):
    """Where one NHANES variable lies: its table (without the cycle's suffix), missing codes and cycles."""

    table: str
    missing: tuple[int, ...] = ()
    cycles: str = "DE"


PHQ_ITEMS: Final = tuple(f"DPQ0{n}0" for n in (1, 2, 4, 5, 6, 7, 8, 9))
"""PHQ-9 without its third item (trouble sleeping), which would put the outcome among the exposures."""
NUTRIENTS: Final = {
    "caffeine_mg": "CAFF",
    "magnesium_mg": "MAGN",
    "potassium_mg": "POTA",
    "calcium_mg": "CALC",
}
"""Column and the ending that its daily total has in both recalls (`DR1TCAFF`, `DR2TCAFF`)."""

# One place for every variable read and for the codes that mean refused or don't know; CDC's "." is null already.
ITEMS: Final[dict[str, Item]] = {
    variable: Item(*where)
    for variables, *where in [
        ("SDDSRVYR RIAGENDR RIDAGEYR RIDRETH1 INDFMPIR WTINT2YR WTMEC2YR SDMVSTRA SDMVPSU", "DEMO"),
        ("DMDEDUC2", "DEMO", (7, 9)),
        ("SLD010H", "SLQ", (77, 99)),
        ("SLQ030 SLQ150 SLQ160", "SLQ", (7, 9)),
        (" ".join(PHQ_ITEMS), "DPQ", (7, 9)),
        ("HSQ480", "HSQ", (77, 99)),
        ("HSQ496", "HSQ", (77, 99), "E"),
        ("ALQ110 ALQ120U", "ALQ", (7, 9)),
        ("ALQ120Q ALQ130", "ALQ", (777, 999)),
        ("PAD200", "PAQ", (7, 9), "D"),
        ("PAQ605 PAQ650", "PAQ", (7, 9), "E"),
        ("BMXBMI", "BMX"),
        ("SMQ020 SMQ040", "SMQ", (7, 9)),
        ("WTDRD1 WTDR2D DR1DRSTZ", "DR1TOT"),
        (" ".join(f"DR1T{n}" for n in NUTRIENTS.values()), "DR1TOT"),
        ("DR2DRSTZ", "DR2TOT"),
        (" ".join(f"DR2T{n}" for n in NUTRIENTS.values()), "DR2TOT"),
        ("DR1_020 DR1ICAFF", "DR1IFF"),
        ("DR2_020 DR2ICAFF", "DR2IFF"),
        ("RXDUSE", "RXQ_RX", (7, 9)),
        ("RXDDRGID", "RXQ_RX"),
    ]
    for variable in str(variables).split()
}

LEG_NIGHTS: Final = {
    "never": (0, 0),
    "rarely": (1, 1),
    "sometimes": (2, 4),
    "often": (5, 15),
    "almost_always": (16, 30),
}
"""Hand card SLQ1: the answer to SLQ150 and SLQ160 (code 0 first) and the nights a month it stands for."""
SNORING: Final = ("never", "rarely", "occasionally", "frequently")
SEXES: Final = ("male", "female")
SMOKING: Final = ("never", "former", "current")
EDUCATION: Final = ("below_9th_grade", "9th_to_11th_grade", "high_school", "some_college", "college_graduate")
RACES: Final = (
    "mexican_american",
    "other_hispanic",
    "non_hispanic_white",
    "non_hispanic_black",
    "other_or_multiracial",
)
SLEEP_NEED_H: Final = 7.5
"""Sleep loss is counted against this many hours."""


def _column(
    title: str,
    description: str,
    source: str,
    *,
    unit: str | None = None,
    options: object = None,
    nullable: bool = True,
    **checks: Any,
) -> Any:
    """Return a pandera Field; `source` names the variables, whose missing codes are looked up in `ITEMS`."""
    variables = source.split()
    missing = {v: list(ITEMS[v].missing) for v in variables if v in ITEMS and ITEMS[v].missing}
    if options is not None:
        checks["dtype_kwargs"] = {"categories": list(options)}  # type: ignore[call-overload]
    metadata = {"unit": unit, "source": variables, "missing_codes": missing}
    return pa.Field(title=title, description=description, nullable=nullable, metadata=metadata, **checks)


class NhanesPerson(pa.DataFrameModel):
    """Every sample person of DEMO_D and DEMO_E; nobody is dropped, since a subpopulation is a domain.

    Null means not asked, refused or not known. Each weight is CDC's two-year weight halved, so that the two
    cycles together stand for one average year; it is 0 for a person outside that weight's sample, who thereby
    stays in the design and out of every estimate.
    """

    seqn: pl.Int64 = _column(
        "Respondent", "CDC's sequence number, unique over both cycles.", "SEQN", nullable=False, unique=True, ge=1
    )
    cycle: pl.Enum = _column(
        "Cycle", "The two survey years.", "SDDSRVYR", options=CYCLES.values(), nullable=False
    )
    age: pl.Int64 = _column(
        "Age",
        "At screening; 80 stands for 80 or older in both cycles (CDC stops at 85 in the first, 80 in the second).",
        "RIDAGEYR",
        unit="years",
        nullable=False,
        in_range={"min_value": 0, "max_value": 80},
    )
    sex: pl.Enum = _column("Sex", "As CDC recorded it.", "RIAGENDR", options=SEXES, nullable=False)
    race_ethnicity: pl.Enum = _column(
        "Race and ethnicity", "CDC's five groups.", "RIDRETH1", options=RACES, nullable=False
    )
    education: pl.Enum = _column(
        "Education", "Highest level reached; asked of ages 20+.", "DMDEDUC2", options=EDUCATION
    )
    income_ratio: pl.Float64 = _column(
        "Income to poverty ratio",
        "Family income over the poverty line; 5 stands for 5 or more.",
        "INDFMPIR",
        in_range={"min_value": 0, "max_value": 5},
    )
    bmi: pl.Float64 = _column("Body mass index", "Measured at the examination.", "BMXBMI", unit="kg/m²", gt=0)
    smoking: pl.Enum = _column(
        "Smoking",
        "Never: under 100 cigarettes in life; former: 100 or more, not at all now. Ages 20+.",
        "SMQ020 SMQ040",
        options=SMOKING,
    )

    weight_interview: pl.Float64 = _column(
        "Interview weight", "For statements from the home interview alone.", "WTINT2YR", nullable=False, gt=0
    )
    weight_exam: pl.Float64 = _column(
        "Examination weight",
        "With anything asked or measured at the examination centre (alcohol, distress, BMI) and no diet.",
        "WTMEC2YR",
        nullable=False,
        ge=0,
    )
    weight_diet1: pl.Float64 = _column(
        "Diet weight, first day", "When diet is in the model.", "WTDRD1", nullable=False, ge=0
    )
    weight_diet2: pl.Float64 = _column(
        "Diet weight, both days", "When both recalls are required.", "WTDR2D", nullable=False, ge=0
    )
    stratum: pl.Int64 = _column("Stratum", "Masked variance stratum.", "SDMVSTRA", nullable=False, ge=1)
    psu: pl.Int64 = _column("PSU", "Masked sampling unit within its stratum.", "SDMVPSU", nullable=False, ge=1)

    leg_jerks: pl.Enum = _column(
        "Leg jerks",
        "In the past month, how often leg jerks while trying to sleep; ages 16+. A proxy for sleep starts: legs "
        "only, and mixed with periodic limb movements and restless legs.",
        "SLQ150",
        options=LEG_NIGHTS,
    )
    leg_jerks_lo: pl.Int64 = _column(
        "Leg jerks, fewest nights",
        "Lower end of the answer.",
        "SLQ150",
        unit="nights a month",
        in_range={"min_value": 0, "max_value": 30},
    )
    leg_jerks_hi: pl.Int64 = _column(
        "Leg jerks, most nights",
        "Upper end of the answer, inclusive.",
        "SLQ150",
        unit="nights a month",
        in_range={"min_value": 0, "max_value": 30},
    )
    leg_cramps: pl.Enum = _column(
        "Leg cramps",
        "In the past month, how often leg cramps while trying to sleep; a negative control.",
        "SLQ160",
        options=LEG_NIGHTS,
    )
    leg_cramps_lo: pl.Int64 = _column(
        "Leg cramps, fewest nights",
        "Lower end of the answer.",
        "SLQ160",
        unit="nights a month",
        in_range={"min_value": 0, "max_value": 30},
    )
    leg_cramps_hi: pl.Int64 = _column(
        "Leg cramps, most nights",
        "Upper end of the answer, inclusive.",
        "SLQ160",
        unit="nights a month",
        in_range={"min_value": 0, "max_value": 30},
    )
    snoring: pl.Enum = _column(
        "Snoring",
        "In the past 12 months: never, 1-2, 3-4, 5 or more nights a week; a negative control.",
        "SLQ030",
        options=SNORING,
    )

    caffeine_mg: pl.Float64 = _column(
        "Caffeine", "Mean of the reliable recalls (one or two days).", "DR1TCAFF DR2TCAFF", unit="mg/day", ge=0
    )
    caffeine_after_14_mg: pl.Float64 = _column(
        "Caffeine after 14:00",
        "The part taken from 14:00 to midnight; a recall runs from midnight to midnight.",
        "DR1_020 DR1ICAFF DR2_020 DR2ICAFF",
        unit="mg/day",
        ge=0,
    )
    magnesium_mg: pl.Float64 = _column(
        "Magnesium",
        "From food; mean of the reliable recalls.",
        "DR1TMAGN DR2TMAGN",
        unit="mg/day",
        ge=0,
    )
    potassium_mg: pl.Float64 = _column(
        "Potassium",
        "From food; mean of the reliable recalls.",
        "DR1TPOTA DR2TPOTA",
        unit="mg/day",
        ge=0,
    )
    calcium_mg: pl.Float64 = _column(
        "Calcium",
        "From food; mean of the reliable recalls.",
        "DR1TCALC DR2TCALC",
        unit="mg/day",
        ge=0,
    )
    alcohol_g_day: pl.Float64 = _column(
        "Alcohol",
        "Drinking days a year times drinks on such a day times 14 g, over 365; 0 for nobody-drinks answers: no "
        "drinking day in the year, or fewer than 12 drinks in life. Released for ages 20+.",
        "ALQ110 ALQ120Q ALQ120U ALQ130",
        unit="g/day",
        ge=0,
    )
    distress: pl.Int64 = _column(
        "Distress",
        "PHQ-9 without its sleep item: the sum of eight items; null unless all are answered. Ages 18+.",
        " ".join(PHQ_ITEMS),
        unit="points",
        in_range={"min_value": 0, "max_value": 24},
    )
    poor_mental_days: pl.Int64 = _column(
        "Days of poor mental health",
        "Of the past 30; ages 12+.",
        "HSQ480",
        unit="days",
        in_range={"min_value": 0, "max_value": 30},
    )
    anxious_days: pl.Int64 = _column(
        "Anxious days",
        "Worried, tense or anxious, of the past 30; asked in 2007-2008 only.",
        "HSQ496",
        unit="days",
        in_range={"min_value": 0, "max_value": 30},
    )
    exercise: pl.Boolean = _column(
        "Vigorous activity",
        "2005-2006: any in the past 30 days, leisure or school. 2007-2008: any in a typical week, work or "
        "leisure. Two questions: never pool them without a cycle interaction. Ages 12+.",
        "PAD200 PAQ605 PAQ650",
    )
    sleep_h: pl.Float64 = _column(
        "Sleep",
        "Usual, on weekdays or workdays; 12 stands for 12 or more.",
        "SLD010H",
        unit="h",
        in_range={"min_value": 1, "max_value": 12},
    )
    sleep_loss_h: pl.Float64 = _column(
        "Sleep loss", f"{SLEEP_NEED_H} h minus usual sleep; below 0 for long sleepers.", "SLD010H", unit="h"
    )
    ssri_snri: pl.Boolean = _column("SSRI or SNRI", "Prescribed, past month.", "RXDUSE RXDDRGID")
    stimulant: pl.Boolean = _column(
        "Stimulant",
        "Prescribed central nervous system stimulant, past month (Multum counts atomoxetine among them).",
        "RXDUSE RXDDRGID",
    )
    dopaminergic: pl.Boolean = _column(
        "Dopaminergic", "Prescribed dopaminergic antiparkinsonism agent, past month.", "RXDUSE RXDDRGID"
    )

    class Config:
        """Nothing more, nothing less, and no silent casts."""

        strict = True
        coerce = False
