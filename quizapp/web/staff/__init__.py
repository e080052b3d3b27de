"""The nurse's and the lead's pages."""
