"""The patient's walk."""
