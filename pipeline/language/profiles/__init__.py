"""N-gram counts for languages that langdetect has no profile for, their sources, their builder."""
