"""Exports of form tools become tables of the instrument; what a tool is like is data in profiles."""
