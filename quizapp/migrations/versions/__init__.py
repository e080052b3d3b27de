"""One file an upgrade, in the order of their numbers."""
