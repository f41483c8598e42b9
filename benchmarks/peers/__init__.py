"""Peers that the gateway is measured against."""
