"""The blocks of the settings file: what each may hold, how it is read, and what must agree between them."""
