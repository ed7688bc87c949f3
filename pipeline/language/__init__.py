"""Which language a text is in: `detector.detect`; `profiles/` holds the n-gram counts we add."""
