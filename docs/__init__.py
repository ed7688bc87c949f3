"""Documentation: pages for users, and the program that writes the generated ones."""
