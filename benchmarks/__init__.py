"""What a query costs, against peers, with the numbers kept."""
