"""Changes things in AWS: created once whatever happens on the way, checked before AWS is asked."""
