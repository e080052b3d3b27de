"""Insights, report and exports."""
