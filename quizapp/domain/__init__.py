"""What quizapp knows: items, grading, flags, statistics. Standard library only."""
