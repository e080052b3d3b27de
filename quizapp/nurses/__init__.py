"""The nurse's pages: queue, sheet, reviews, recheck, invitations."""
