"""A comprehension checker that patients take before they consent."""
