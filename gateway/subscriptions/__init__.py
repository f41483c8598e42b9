"""Subscriptions: their events, and the two protocols that carry them."""
