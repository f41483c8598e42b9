"""The rows of the table of what must be reached, each measured by itself."""
