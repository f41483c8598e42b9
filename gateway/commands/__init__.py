"""The command line: one module for each command. Only here are imports inside functions allowed, to start quickly."""
