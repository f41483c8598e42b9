"""Runs DataHub's SageMaker source into a file, in DataHub's own environment.

Run as `python datahub_read.py REGION FILE`, with keys and AWS_ENDPOINT_URL in the environment. It writes one line of
JSON: DataHub's version, the seconds that ingestion took, without the interpreter's start and the imports, what was
scanned, and what went wrong.
"""

import json
import sys
import time
from typing import Any

# DataHub is in the environment that this script runs in, and never in the project's own.
import datahub  # type: ignore[import-not-found]  # See above.
from datahub.ingestion.run.pipeline import Pipeline  # type: ignore[import-not-found]  # See above.
from datahub.ingestion.source.aws.sagemaker import SagemakerSource  # type: ignore[import-not-found]  # See above.

# Only the kinds that the measured question is about; every other one would cost DataHub further calls. A job type is
# left out by any value but a boolean True, and the configuration takes nothing but text (extract_jobs).
OTHER_JOBS = ("auto_ml", "compilation", "hyper_parameter_tuning", "labeling", "processing")


def recipe(region: str, file: str) -> dict[str, Any]:
    """The recipe: SageMaker's models, endpoints, training and transform jobs into a file."""
    source = {
        "aws_region": region,
        "extract_feature_groups": False,
        "extract_jobs": dict.fromkeys(OTHER_JOBS, "no"),
    }
    return {
        "source": {"type": SagemakerSource.platform, "config": source},
        "sink": {"type": "file", "config": {"filename": file}},
    }


def main(region: str, file: str) -> None:
    """Ingest a region into a file, and print the seconds that it took and the number of scanned resources."""
    # It would ask the internet for newer versions of itself first, which takes up to two seconds and is not reading.
    Pipeline._warn_old_cli_version = _ask_nobody
    begun = time.perf_counter()
    pipeline = Pipeline.create(recipe(region, file), report_to=None, no_progress=True)
    pipeline.run()
    seconds = time.perf_counter() - begun
    report = pipeline.source.get_report()
    scanned = {kind: getattr(report, f"{kind}_scanned") for kind in ("models", "endpoints", "jobs")}
    failures = [str(failure) for failure in report.failures]
    version = datahub.__version__
    print(json.dumps({"seconds": seconds, "scanned": scanned, "failures": failures, "version": version}))


def _ask_nobody(_pipeline: object) -> None:
    """Stands for DataHub's question for newer versions."""


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
