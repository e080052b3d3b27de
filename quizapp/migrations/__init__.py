"""Upgrades of the database, inside the package, with no ini file."""
