"""What data must be: the pandera models, the cross-field rules and the data dictionary."""
