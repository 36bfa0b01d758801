"""One estimand on one study's data: its fit, and its rows in the table of results."""
