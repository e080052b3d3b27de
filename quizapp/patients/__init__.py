"""The patient's pages: start, lessons, questions, summary."""
