"""Counts with random intercepts and slopes of persons; knows nothing of sleep either."""
