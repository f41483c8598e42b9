"""What must agree between two places of the file; it is checked as written, so that other faults do not hide these."""
