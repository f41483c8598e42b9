"""The plain script: lists everything with boto3's paginators, describes each thing in a loop, and joins it in memory.

Run as `python benchmarks/peers/boto3_read.py REGION`, with keys and AWS_ENDPOINT_URL in the environment. It writes one
line of JSON: the seconds that reading took, without the interpreter's start and the imports, and the graph.
"""

import json
import sys
import time
from typing import Any

import boto3

Thing = dict[str, Any]


def main(region: str) -> None:
    """Read a region whole, and print the seconds that it took."""
    begun = time.perf_counter()
    graph = read(boto3.client("sagemaker", region_name=region))
    print(json.dumps({"seconds": time.perf_counter() - begun, "graph": graph}))


def read(client: Any) -> Thing:
    """Read by a client each model with its snapshots, their endpoints, and its jobs."""
    models = [client.describe_model(ModelName=row["ModelName"]) for row in rows(client, "list_models", "Models")]
    configs = [
        client.describe_endpoint_config(EndpointConfigName=row["EndpointConfigName"])
        for row in rows(client, "list_endpoint_configs", "EndpointConfigs")
    ]
    endpoints = [
        client.describe_endpoint(EndpointName=row["EndpointName"])
        for row in rows(client, "list_endpoints", "Endpoints")
    ]
    training = [
        client.describe_training_job(TrainingJobName=row["TrainingJobName"])
        for row in rows(client, "list_training_jobs", "TrainingJobSummaries")
    ]
    transforms = [
        client.describe_transform_job(TransformJobName=row["TransformJobName"])
        for row in rows(client, "list_transform_jobs", "TransformJobSummaries")
    ]
    return {
        model["ModelName"]: {
            "snapshots": snapshots_of(model, configs, endpoints),
            "jobs": trained_by(model, training) | transformed_with(model, transforms),
        }
        for model in models
    }


def rows(client: Any, operation: str, key: str) -> list[Thing]:
    """Read every row of a listing by a client.

    Args:
        client: boto3's client of SageMaker.
        operation: The method of the client, such as `list_models`.
        key: The key of the rows in a page.
    """
    return [row for page in client.get_paginator(operation).paginate() for row in page[key]]


def snapshots_of(model: Thing, configs: list[Thing], endpoints: list[Thing]) -> Thing:
    """The endpoint configurations that name a model, with the endpoints that run them."""
    return {
        config["EndpointConfigName"]: {
            "variants": [
                [v["VariantName"], v.get("ModelName"), v.get("InstanceType"), v.get("InitialInstanceCount")]
                for v in config["ProductionVariants"]
            ],
            "runtimes": sorted(
                endpoint["EndpointName"]
                for endpoint in endpoints
                if endpoint["EndpointConfigName"] == config["EndpointConfigName"]
            ),
        }
        for config in configs
        if any(v.get("ModelName") == model["ModelName"] for v in config["ProductionVariants"])
    }


def trained_by(model: Thing, jobs: list[Thing]) -> Thing:
    """The training jobs whose artifact a container of the model loads."""
    containers = model.get("Containers") or [model["PrimaryContainer"]]
    artifacts = {container.get("ModelDataUrl") for container in containers} - {None}
    return {
        job["TrainingJobName"]: {
            "inputs": [channel["DataSource"]["S3DataSource"]["S3Uri"] for channel in job["InputDataConfig"]],
            "output": job["OutputDataConfig"]["S3OutputPath"],
        }
        for job in jobs
        if job["ModelArtifacts"]["S3ModelArtifacts"] in artifacts
    }


def transformed_with(model: Thing, jobs: list[Thing]) -> Thing:
    """The transform jobs that ran a model."""
    return {
        job["TransformJobName"]: {
            "inputs": [job["TransformInput"]["DataSource"]["S3DataSource"]["S3Uri"]],
            "output": job["TransformOutput"]["S3OutputPath"],
        }
        for job in jobs
        if job["ModelName"] == model["ModelName"]
    }


if __name__ == "__main__":
    main(sys.argv[1])
