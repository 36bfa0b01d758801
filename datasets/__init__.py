"""Where data comes from: contributed CSVs, NHANES and the synthetic demo cohort."""
