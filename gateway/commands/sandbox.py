"""`sandbox`: the laptop's AWS alone; any client pointed at it with AWS_ENDPOINT_URL works."""

import argparse

from sandbox.serve import run as serve


def run(arguments: argparse.Namespace) -> int:
    """Runs until Ctrl-C."""
    return serve(
        arguments.port,
        estate=arguments.estate,
        speed=arguments.speed,
        latency_ms=arguments.latency_ms,
        throttle=arguments.throttle,
    )
