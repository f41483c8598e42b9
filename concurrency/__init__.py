"""The ground floor: single-flight and priorities; it knows no other folder."""
