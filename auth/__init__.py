"""Who is asking, what they may do, and with which AWS role."""
