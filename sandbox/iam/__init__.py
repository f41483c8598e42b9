"""IAM enforcement: signatures, sessions, policies and trust, over moto's IAM."""
