"""The instrument `nhanes`: CDC's interview and examination, its frozen estimands and its words."""

from __future__ import annotations

from hypnic.analysis.studies.contrasts import OTHERS, PRIMARY, RESTATED
from hypnic.analysis.studies.controls import CONTROLS, STANDINGS
from hypnic.analysis.studies.instrument import (
    Average,
    Counted,
    Headline,
    Imputes,
    Instrument,
    Interaction,
    Phrase,
    Recalls,
    Style,
)
from hypnic.analysis.studies.persons import AGE_KNOTS

NHANES_INTERVIEW = Instrument(
    name="nhanes",
    title="NHANES",
    design="survey",
    times="the odds of a more frequent answer about leg jerks",
    estimands=(*PRIMARY, *RESTATED, *OTHERS),
    restated=RESTATED,
    restated_words=(
        "Sleep loss is 7.5 h minus the usual sleep on weekdays; depressive symptoms are the PHQ-9 without its item on"
        " sleep. The weight is that of the smallest sample a model needs: interview, examination or diet.\nEach primary"
        " comparison was made again with leg jerks coded otherwise (any, or five times a month or more, by logit; the"
        " times a month that an answer stands for, by negative binomial regression with the last answer closed at 30,"
        " left open, or the counts cut off at 30, by beta-binomial regression of 30 nights, and by quasi-Poisson on"
        " the middle of each answer, 0, 1, 3, 10, 23), with a control in their place, in each cycle alone and between"
        " the cycles (a ratio of ratios), with the two-day diet weight among people who recalled both days, with age"
        f" as a restricted cubic spline (knots at {', '.join(map(str, AGE_KNOTS))} years), without people who take a"
        " dopaminergic medicine or a gabapentinoid, for alcohol without former drinkers, and, for exercise and sleep,"
        " with only what was asked at home (interview weight).\nCounts that are cut off at 30, and nights out of 30,"
        " have a ratio of means: of what the model expects of these people, weighted, with the exposure as it is and"
        " one step on. A medicine is taken for something: its ratio is an association, as what it is taken for may"
        " itself go with jerks (confounding by indication).\nAnswers left open are imputed among all adults who"
        " answered about leg jerks, with the interview weight: chained equations in which the outcome, the strata and"
        " the logarithm of the weight are predictors, errors by the design, and Barnard and Rubin's degrees of"
        " freedom.\nWhat two recalled days say of usual caffeine is told by regression calibration: cube roots of the"
        " amounts are split into persons and days, weekends and the second day allowed for, and what is to be expected"
        " of a person over a week enters in place of the recalls; its errors leave out each sampling unit in turn"
        " (JKn), with calibration and fit done anew."
    ),
    phrases={
        "caffeine": Phrase("{} mg a day", "Each {} mg of caffeine a day", "mg a day"),
        "alcohol": Phrase("{} g ethanol a day", "Each {} g of ethanol a day", "g ethanol a day"),
        "stress": Phrase(
            "{} points of depressive symptoms",
            "Each {} points of depressive symptoms (PHQ-9 without its sleep item)",
            "points of symptoms",
        ),
        "exercise": Phrase("any vs none", "Any vigorous activity, compared with none,"),
        "sleep_loss": Phrase(
            "{} h less usual sleep", "Each {} h by which usual sleep falls short of 7.5 h", "h of sleep under 7.5"
        ),
    },
    style=Style("first", "o"),
    # The columns that are explained, where an estimand names another outcome than the answers in order.
    outcomes={
        "leg_jerks": ("leg_jerks_lo", "leg_jerks_hi"),
        "leg_jerks_open": ("leg_jerks_lo", "leg_jerks_open_hi"),
        "leg_jerks_any": "leg_jerks_any",
        "leg_jerks_often": "leg_jerks_often",
        "leg_jerks_midpoint": "leg_jerks_midpoint",
        "leg_cramps_order": "leg_cramps_order",
        "snoring": "snoring_habitual",
    },
    headline=Headline(
        Counted("leg_jerks_often", 10, "people in 1,000 with frequent leg jerks"),
        {
            "caffeine": "With 100 mg more caffeine a day (a mug of coffee)",
            "alcohol": "With one more drink a day (10 g of alcohol: a small beer or wine)",
            "stress": "With 5 points more depressive symptoms, of 24",
            "exercise": "With any hard exercise",
            "sleep_loss": "With 1 hour less sleep",
        },
        "Of 1,000 adults of 20 and over, {} had frequent ones (5 a month or more), {} any.",
        Counted("leg_jerks_any", 10, "people in 1,000 with any leg jerks"),
        {
            "caffeine": "100 mg a day more (a mug of coffee)",
            "alcohol": "a drink (10 g) a day",
            "stress": "5 points more, of 24",
            "exercise": "any hard exercise",
            "sleep_loss": "1 hour less",
        },
    ),
    difference_units={
        "leg_jerks_any": "percentage points with any jerks in a month",
        "leg_jerks_often": "percentage points with jerks on 5 nights a month or more",
        "leg_jerks_midpoint": "nights a month (rough: from the middle of each answer)",
    },
    averages=(
        Average("leg_jerks_any", "average", (0, 100, 100, 100, 100)),
        Average("leg_jerks_often", "average", (0, 0, 0, 100, 100)),
        Average("leg_jerks_midpoint", "average-rough-nights", (0, 1, 3, 10, 23)),
    ),
    imputes=Imputes("adult", "weight_interview"),
    # Among adults a cube root leaves neither skewness of a person's mean nor spread of days that grows with it.
    recalls={
        "caffeine": Recalls(
            ("caffeine_day1_mg", "caffeine_day2_mg"), ("recall_weekday1", "recall_weekday2"), (6, 7, 1), 1 / 3
        )
    },
    titles={"stress": "Depressive symptoms"},
    codings={
        "leg_jerks_order": "the answers in order",
        "leg_jerks_any": "any",
        "leg_jerks_often": "5 or more",
        "leg_jerks": "0 to 30",
        "leg_jerks_open": "last answer open",
        "leg_jerks_midpoint": "middles",
    },
    # As for the diary, from those who answered about leg jerks.
    knots={
        "caffeine": (2.5, 57, 148, 470),
        "alcohol": (0.08, 0.92, 6.1, 42),
        "stress": (1, 2, 4, 12),
        "sleep_loss": (-1.5, -0.5, 1.5, 3.5),
    },
    spiked=frozenset({"alcohol"}),
    interactions=(
        Interaction("caffeine", "sleep_loss_h", "1 h less usual sleep"),
        Interaction("caffeine", "alcohol_g_day", "10 g ethanol a day", 10),
        Interaction("stress", "caffeine_mg", "100 mg of caffeine a day", 100, weights="weight_diet1"),
        Interaction("stress", "sex", "male sex", level="male"),
        Interaction("stress", "age", "10 years of age", 10, joint=False),
        Interaction("sleep_loss", "distress", "5 points of depressive symptoms", 5),
    ),
    controls=CONTROLS,
    standings=STANDINGS,
    leaves_out={
        "raking": "the weights of the survey are its own",
        "leaving out": "persons in a design are not left out one by one",
    },
    words={
        "leg_jerks": "leg jerks while trying to sleep, in a month",
        "leg_jerks_open": "leg jerks while trying to sleep, in a month, the last answer left open",
        "leg_jerks_any": "any leg jerks while trying to sleep, in a month",
        "leg_jerks_often": "leg jerks while trying to sleep, 5 times a month or more",
        "leg_jerks_order": "leg jerks while trying to sleep, the five answers in order",
        "leg_jerks_midpoint": "leg jerks while trying to sleep, the middle of each answer (0, 1, 3, 10, 23)",
        "leg_cramps_order": "leg cramps while trying to sleep, the five answers in order",
        "leg_cramps_any": "any leg cramps while trying to sleep, in a month",
        "leg_cramps_often": "leg cramps while trying to sleep, 5 times a month or more",
        "snoring": "snoring on 3 nights a week or more",
        "caffeine_after_14": "Caffeine from 14:00 on",
        "caffeine_before_14": "Caffeine before 14:00",
        "caffeine_later": "Later caffeine",
        "former_drinker": "Former drinkers",
        "binge_days": "Days with five drinks or more",
        "current_drinker": "whether someone drank in the past 12 months",
        "age_bend_1": "a first bend of age",
        "age_bend_2": "a second bend of age",
        "short_sleep": "Short sleep",
        "long_sleep": "Long sleep",
        "poor_mental_days": "Days of poor mental health",
        "anxious_days": "Anxious days",
        "dopaminergic": "Dopaminergic medicine",
        "magnesium": "Magnesium in food",
        "potassium": "Potassium in food",
        "calcium": "Calcium in food",
        "age_squared": "age squared",
        "bmi": "body mass index",
        "sleep_5_or_less": "sleep of 5 h or less",
        "sleep_9_or_more": "sleep of 9 h or more",
        "energy_kcal": "energy in food",
    },
)
