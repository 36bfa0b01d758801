"""What data says: tidy tables, estimands, estimators and studies."""
