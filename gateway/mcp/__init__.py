"""Tools for models: trusted documents with a description, by the Model Context Protocol."""
