"""The watchlist: whom and what to look for, and how names change in nine languages."""
