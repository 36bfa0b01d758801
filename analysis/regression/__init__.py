"""Regressions of polars frames; knows nothing of sleep, studies or questions."""
