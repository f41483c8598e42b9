"""Assets of registrations."""
