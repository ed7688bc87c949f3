"""The watchlist: entries, their forms in every language, the matcher, the rules."""
