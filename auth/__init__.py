"""Identity, authorization, and the AWS role of each caller."""
