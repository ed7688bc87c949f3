"""What happens to one article: parse, decide, match, render. No queue and no process."""
