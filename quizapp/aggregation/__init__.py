"""Release of attempts into tallies, and retention."""
