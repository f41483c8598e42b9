"""The ground floor: single-flight, back-off and priorities; it knows no other folder."""
