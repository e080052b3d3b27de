"""Disclosure control: pure functions."""
