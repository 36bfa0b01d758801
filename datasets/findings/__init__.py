"""Findings become text, JSON Lines, SARIF or a page; nothing is checked here."""
