"""The measured queries, and their answers in a form that other readers' answers share."""

from collections.abc import Iterable, Mapping
from typing import Any

FIRST_READ = """\
query FirstRead($after: String) {
  models(first: 100, after: $after) {
    nodes {
      name
      creationTime
      snapshots(first: 5) {
        nodes {
          name
          variants { name modelName instanceType initialInstanceCount }
          runtimes(first: 5) { nodes { name status } }
        }
      }
      jobs(first: 10) {
        edges { match node { name type status inputs { channel s3Uri } outputS3Uri } }
      }
    }
    pageInfo { hasNextPage endCursor }
  }
}
"""

NESTED = """\
query Nested($first: Int!) {
  models(first: $first) {
    nodes {
      name
      creationTime
      snapshots(first: 5) {
        nodes {
          name
          variants { name modelName instanceType initialInstanceCount }
          runtimes(first: 5) { nodes { name status } }
        }
      }
      jobs(first: 10) {
        edges { match node { __typename name type status inputs { channel s3Uri } outputS3Uri } }
      }
    }
    pageInfo { hasNextPage endCursor }
  }
}
"""
"""FIRST_READ as screens ask for it again and again: with the size of the page in a variable."""

ALL_MODELS = """\
query AllModels($after: String) {
  models(first: 100, after: $after) {
    nodes { name executionRoleArn }
    pageInfo { hasNextPage endCursor }
  }
}
"""

ALL_JOBS = """\
{ models(first: 100) { nodes { name jobs(first: 1) { totalCount nodes { name inputs { s3Uri } outputS3Uri } } } } }
"""

ONE_MODEL = """\
query OneModel($name: String!) {
  model(name: $name) {
    name
    executionRoleArn
    snapshots(first: 5) { nodes { name } }
    runtimes(first: 5) { nodes { name status } }
    jobs(first: 10) {
      edges { match node { name type status inputs { s3Uri } outputS3Uri } }
      pageInfo { endCursor }
    }
  }
}
"""

Graph = dict[str, dict[str, Any]]
"""For each model its snapshots (each with variants and runtimes) and its jobs (each with inputs and output)."""


def graph(body: Mapping[str, Any]) -> Graph:
    """Read the graph in the body of an answer to FIRST_READ; its nulls are left out."""
    models = (body.get("data") or {}).get("models") or {"nodes": []}
    return {
        model["name"]: {
            "snapshots": {snapshot["name"]: _snapshot(snapshot) for snapshot in _nodes(model["snapshots"])},
            "jobs": {edge["node"]["name"]: _job(edge["node"]) for edge in (model["jobs"] or {"edges": []})["edges"]},
        }
        for model in models["nodes"]
    }


def _snapshot(snapshot: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "variants": [
            [variant["name"], variant["modelName"], variant["instanceType"], variant["initialInstanceCount"]]
            for variant in snapshot["variants"] or ()
        ],
        "runtimes": sorted(runtime["name"] for runtime in _nodes(snapshot["runtimes"])),
    }


def _job(job: Mapping[str, Any]) -> dict[str, Any]:
    return {"inputs": [item["s3Uri"] for item in job["inputs"] or ()], "output": job["outputS3Uri"]}


def _nodes(connection: Mapping[str, Any] | None) -> Iterable[Mapping[str, Any]]:
    return connection["nodes"] if connection else ()


def count_resources(read: Graph) -> dict[str, int]:
    """Count the different resources of each kind in a read graph."""
    snapshots = {name: snapshot for model in read.values() for name, snapshot in model["snapshots"].items()}
    return {
        "models": len(read),
        "snapshots": len(snapshots),
        "runtimes": len({name for snapshot in snapshots.values() for name in snapshot["runtimes"]}),
        "jobs": len({name for model in read.values() for name in model["jobs"]}),
    }
