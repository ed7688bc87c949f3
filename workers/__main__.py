"""`python -m workers`: the same as the command `wirewatch`."""

from workers.cli import main

main()
