# /// script
# dependencies = ["hypnic[analysis]", "marimo>=0.18"]
# ///
"""From `hypnic.load` to a ratio within people, on synthetic data: `marimo edit guide/analysts.py` opens it."""

import marimo

__generated_with = "0.25.2"
app = marimo.App(app_title="hypnic for analysts")


@app.cell(hide_code=True)
def _(mo):
    mo.md("""
    # hypnic for analysts

    **Every number on this page is synthetic.** A computer program drew the study `demo` from a known process. Nobody
    gave these answers, and nothing here is a finding about people. Write `open` for `demo` once people have given
    answers: all but the known truth of section 4 stays as it is.

    ## 1. Load a table
    """)


@app.cell
def _():
    import marimo as mo
    import polars as pl

    import hypnic
    from hypnic.analysis import estimand, fit, study, tidy_nights

    nights = hypnic.load("nights", study="demo")
    participants = hypnic.load("participants", study="demo")
    nights.select("participant_id", "night_index", "caffeine_mg", "alcohol_g", "stress_0_10", "jerk_count").head()
    return estimand, fit, mo, nights, participants, pl, study, tidy_nights


@app.cell(hide_code=True)
def _(mo, nights):
    mo.md(f"""
    A row of `nights` is one night of one person: {nights.height:,} nights of
    {nights["participant_id"].n_unique():,} people. The evening part was filled in before bed, the jerks in the morning
    after, so the dose comes before the outcome.

    - `jerk_count` counts the jerks that somebody *noticed*. Null means that they did not say. It is never zero.
    - `participant_id` is a random token, and `night_index` counts from 1. There are no dates.
    - The table `missingness` says why an answer is missing.
    - Tables are of polars. `nights.to_pandas()` and `nights.to_arrow()` want `pip install pyarrow pandas` first.

    ## 2. Look before you fit
    """)


@app.cell
def _(nights, pl):
    dose = pl.col("caffeine_after_14_mg")
    jerks_by_dose = (
        nights.drop_nulls(["jerk_count", "caffeine_after_14_mg"])
        .group_by(pl.when(dose == 0).then(pl.lit("0 mg")).when(dose <= 100).then(pl.lit("up to 100 mg"))
                  .otherwise(pl.lit("more")).alias("after 14:00"))
        .agg(pl.len().alias("nights"), pl.col("jerk_count").mean().round(3).alias("jerks a night"))
        .sort("jerks a night")
    )  # fmt: skip
    jerks_by_dose
    return (jerks_by_dose,)


@app.cell(hide_code=True)
def _(mo):
    mo.md("""
    This table mixes two things: nights with more coffee, and people who drink more coffee. People with many jerks may
    have cut down, which makes coffee look harmless. A diary can take them apart: it compares each person with
    themselves.

    ## 3. A ratio within people
    """)


@app.cell
def _(fit, nights, participants, pl, tidy_nights):
    tidy = (
        tidy_nights(nights.lazy(), participants.lazy())
        .with_columns(caffeine=pl.col("caffeine_after_14_mg") / 100)
        .collect()
    )
    within = fit(
        tidy,
        outcome="jerk_count",
        terms=["caffeine", "stress_0_10", "sleep_loss_prev_h"],
        family="fe-poisson",
        groups="participant_id",
    )
    within
    return tidy, within


@app.cell(hide_code=True)
def _(mo, within):
    _row = within.tidy(exponentiate=True).row(0, named=True)
    mo.md(f"""
    In the demo, a night with 100 mg more caffeine after 14:00 had {_row["estimate"]:.2f} times as many noticed jerks as
    another night of the same person, at the same stress and sleep loss (95 % limits {_row["conf_low"]:.2f} to
    {_row["conf_high"]:.2f}). It is an association: what else changed from night to night is not ruled out.

    `fit` dropped rows and said why (under the table). Nights of people who never jerked tell nothing about a ratio
    within a person. The errors are CR3 by person, which is what `fit` takes within people if you name none.
    """)


@app.cell
def _(within):
    axes = within.plot()
    axes
    return (axes,)


@app.cell(hide_code=True)
def _(mo):
    mo.md("""
    ## 4. The comparison that was written down first

    Each exposure has its own model, whose adjustment set was fixed before any answer was seen. Read one coefficient
    from it, that of the exposure: the others are there to make it fair, and mean something else.
    """)


@app.cell
def _(estimand, study):
    demo = study("demo")
    caffeine = estimand("diary", "caffeine")
    primary = caffeine.fit(demo)
    primary.tidy(exponentiate=True).head(1)
    return demo, primary


@app.cell(hide_code=True)
def _(demo, mo, primary):
    _row = primary.tidy(exponentiate=True).row(0, named=True)
    _true = demo.truth["diary"]["caffeine"]["target"]
    mo.md(f"""
    The demo has a known answer: this model estimates {_true:.2f}, and finds {_row["estimate"]:.2f}
    ({_row["conf_low"]:.2f} to {_row["conf_high"]:.2f}). `estimand("diary", "caffeine").fit(nights, participants)` does
    the same with tables of your own, of polars, pandas or pyarrow.

    ## 5. From a ratio to nights

    A survey can say more than a ratio, as it knows everybody's level. What is expected there is the share of 30 nights
    with a jerk.
    """)


@app.cell
def _(demo, estimand, mo):
    stress = estimand("survey", "stress").fit(demo)
    mo.vstack([stress.means("age_band"), stress.average("stress")])
    return (stress,)


@app.cell(hide_code=True)
def _(mo, stress):
    _row = stress.average("stress").row(0, named=True)
    mo.md(f"""
    Two points more of usual stress (one unit of this model) go with {30 * _row["estimate"]:.1f} more nights in 30
    ({30 * _row["conf_low"]:.1f} to {30 * _row["conf_high"]:.1f}), averaged over the people of the sample with all else
    as it is. `predict` gives what is expected of each row. A survey compares *different* people: whoever is more stressed also
    differs in what nobody asked.

    ## 6. What each variable can answer, and what it cannot

    | variable | can answer | cannot answer |
    |---|---|---|
    | `jerk_count` (nights) | do a person's nights with more of something have more noticed jerks? | how many jerks there were: many are slept through, and stress or a bed partner change what is noticed |
    | `jerk_nights_30d`, `jerk_freq_12mo` (participants) | do people with more of something report more nights? | what would change in one person; how common jerks are, as volunteers came by themselves |
    | `caffeine_after_14_mg`, `caffeine_mg` | tonight against other nights of the same person, per 100 mg | people against people: those who jerk may have cut down on coffee |
    | `alcohol_g` | the average ratio over people, per 10 g | whether it is the same in everybody: in some it may be the other way round |
    | `stress_0_10` | rated before bed, so before tonight's jerks | the part that is stress, and the part that is noticing more |
    | `late_vigorous_exercise` (tidy) | vigorous and ended 2 h or less before bed, against not | exercise at other hours; rare in many diaries, so limits are wide |
    | `sleep_loss_prev_h` (tidy) | need less *last* night's sleep | tonight's sleep, which jerks themselves may cost |
    | `sex_at_birth`, `age_band` | whom a comparison is made among | why groups differ; within a person they never change and drop out |
    | `red_flag_any`, `dx_conditions` | who may be left out of a comparison | a diagnosis of anybody |
    | `SLQ150` of NHANES (study `nhanes`) | leg jerks while trying to sleep, for the US in 2005 to 2008, with weights | sleep starts: it is a proxy, and is never pooled with the diary |

    Say "associated with". Five primary ratios were written down for each design; whatever else you fit is exploratory,
    and worth saying so.
    """)  # noqa: E501 -- a row of a table is one line


if __name__ == "__main__":
    app.run()
