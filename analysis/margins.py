"""The population that volunteers are weighted to: residents of the United States aged 18 and over, by age and by sex.

Source: U.S. Census Bureau, Population Division, Annual Estimates of the Resident Population by Single Year of Age and
Sex for the United States (NC-EST2019-AGESEX-RES), column POPESTIMATE2019 (1 July 2019), summed over ages. A work of the
United States government, in the public domain. Respondents come from several countries: weighting to one of them asks
how far the ratios hang on the volunteers' age and sex, and makes nobody representative.
"""

from collections.abc import Mapping

POPULATION = "US residents of 18 and over, 2019"
MARGINS: Mapping[str, Mapping[str, int]] = {
    "age_band": {
        "18-24": 30_219_206,
        "25-34": 45_940_321,
        "35-44": 41_659_144,
        "45-54": 40_874_902,
        "55-64": 42_448_537,
        "65-74": 31_483_433,
        "75+": 22_574_830,
    },
    "sex_at_birth": {"female": 130_851_717, "male": 124_348_656},
}
