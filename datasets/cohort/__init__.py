"""The synthetic cohort is drawn here; nothing here reads a contributed file."""
