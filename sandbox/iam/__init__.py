"""IAM that counts: signatures, sessions, policies and trust, over what moto's IAM holds."""
