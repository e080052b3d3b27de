"""Statistics from counts: pure functions."""
