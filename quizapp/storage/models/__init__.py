"""Every table. Nothing here can hold a patient's name, address, time of day, or words of their own.

Whoever imports one subject's tables loads all: foreign keys and migrations must find them.
"""

from quizapp.storage.models import attempts, marks, reviews, staff, tallies, waiting

__all__ = ["attempts", "marks", "reviews", "staff", "tallies", "waiting"]
