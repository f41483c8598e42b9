"""How each question is answered: plain functions over domain values, batched by relation."""
