"""The rules that content is held to, by subject; content/checking.py puts them in one table."""
