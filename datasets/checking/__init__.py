"""A table of text becomes findings and typed rows; nothing is printed here."""
