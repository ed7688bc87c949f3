"""What happens to one article: parse, decide, match, render. No queue, no process, no clock of its own."""
