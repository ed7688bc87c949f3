"""Benchmarks and soaks: each has its command in README.md; none runs with the tests."""
