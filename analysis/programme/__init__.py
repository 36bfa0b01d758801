"""The analyses: each module answers every question of a study in one way."""
