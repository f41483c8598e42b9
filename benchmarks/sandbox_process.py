"""The sandbox as a process of its own, so that it shares no interpreter lock with the measured programs.

Run as `python -m benchmarks.sandbox_process '{"us-east-2": "hundred-models"}'`: fills each region, writes one line of
JSON with its address, and serves until its standard input is closed.
"""

import json
import sys
from typing import Any

from benchmarks.estates import SIZES, fill
from benchmarks.lineages import LINEAGES, fill_lineages
from sandbox.sagemaker.context import Handler, OperationContext, OperationInput, OperationOutput
from sandbox.sagemaker.service import HANDLERS
from sandbox.server import Sandbox

# A crawler lists these under any configuration, and the sandbox does not model them. None is there, which costs the
# crawler one short call each; in an account with recorded lineage it would pay for more.
LISTED_BY_CRAWLERS = {
    "ListActions": "ActionSummaries",
    "ListArtifacts": "ArtifactSummaries",
    "ListContexts": "ContextSummaries",
    "ListModelPackageGroups": "ModelPackageGroupSummaryList",
}


def main(regions: dict[str, str]) -> None:
    """Serve an estate in each region, named as in SIZES."""
    for operation, key in LISTED_BY_CRAWLERS.items():
        HANDLERS.setdefault(operation, _none_of(key))
    with Sandbox.start() as sandbox:
        for region, size in regions.items():
            if size in LINEAGES:
                fill_lineages(sandbox, region, LINEAGES[size])
            else:
                fill(sandbox, region, SIZES[size])
        print(json.dumps({"url": sandbox.url}), flush=True)
        sys.stdin.read()


def _none_of(key: str) -> Handler:
    empty: list[Any] = []

    def answer(_desk: OperationContext, _ask: OperationInput) -> OperationOutput:
        return {key: empty}

    return answer


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
