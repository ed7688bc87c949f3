"""The sub-commands of `wirewatch`, one module a group."""
