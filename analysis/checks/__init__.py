"""How well the models fit, how much they hang on one person, and what answers look like before any model."""
