"""Release of attempts into tallies, and the clean-up."""
