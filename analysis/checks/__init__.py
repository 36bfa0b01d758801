"""How well the models fit, and how much they hang on one person."""
