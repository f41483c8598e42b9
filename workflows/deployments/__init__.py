"""Deployments: a snapshot's way to an endpoint, with verified assets, a rehearsal and an approval."""
