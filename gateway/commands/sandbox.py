"""`sandbox`: the laptop's AWS alone; any client pointed at it with AWS_ENDPOINT_URL works."""

import argparse

from sandbox.serve import run as serve


def run(given: argparse.Namespace) -> int:
    """Runs until Ctrl-C."""
    return serve(
        given.port, estate=given.estate, speed=given.speed, latency_ms=given.latency_ms, throttle=given.throttle
    )
