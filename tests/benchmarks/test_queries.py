"""What an answer holds, in the form that readers are compared in."""

from benchmarks.queries import count_resources, graph

BODY = {
    "data": {
        "models": {
            "nodes": [
                {
                    "name": "churn",
                    "snapshots": {
                        "nodes": [
                            {
                                "name": "churn-v1",
                                "variants": [
                                    {
                                        "name": "AllTraffic",
                                        "modelName": "churn",
                                        "instanceType": "ml.m5.large",
                                        "initialInstanceCount": 1,
                                    }
                                ],
                                "runtimes": {"nodes": [{"name": "z", "status": "IN_SERVICE"}, {"name": "a"}]},
                            }
                        ]
                    },
                    "jobs": {
                        "edges": [
                            {
                                "node": {
                                    "name": "fit",
                                    "inputs": [{"s3Uri": "s3://in/train/"}],
                                    "outputS3Uri": "s3://out/",
                                }
                            }
                        ]
                    },
                },
                {"name": "refused", "snapshots": None, "jobs": None},
            ]
        }
    }
}


def test_the_graph_of_an_answer() -> None:
    assert graph(BODY) == {
        "churn": {
            "snapshots": {
                "churn-v1": {"variants": [["AllTraffic", "churn", "ml.m5.large", 1]], "runtimes": ["a", "z"]}
            },
            "jobs": {"fit": {"inputs": ["s3://in/train/"], "output": "s3://out/"}},
        },
        "refused": {"snapshots": {}, "jobs": {}},
    }


def test_an_answer_without_data_has_an_empty_graph() -> None:
    assert graph({"data": None, "errors": [{"message": "no"}]}) == {}


def test_what_was_found_is_counted_once_each() -> None:
    assert count_resources(graph(BODY)) == {"models": 2, "snapshots": 1, "runtimes": 2, "jobs": 1}
