"""`sandbox`: the laptop's AWS alone, and a stand-in Jira; clients pointed at it with AWS_ENDPOINT_URL work."""

import argparse

from sandbox.serve import JiraOptions, Load
from sandbox.serve import run as serve


def run(arguments: argparse.Namespace) -> int:
    """Run the sandbox of the arguments until Ctrl-C."""
    return serve(
        arguments.port,
        estate=arguments.estate,
        load=Load(arguments.speed, arguments.latency_ms, arguments.throttle),
        jira=JiraOptions(arguments.jira == "cloud", arguments.jira_port) if arguments.jira else None,
    )
