"""Identity by signed tokens: those of an OpenID issuer (JWKS), and those of an AWS application load balancer."""
