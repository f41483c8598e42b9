"""The table of AWS operations, held against the service model and against what aws calls."""

import ast
from pathlib import Path
from typing import Any

import pytest

import aws
from aws.client.operations import IMPLIED_PERMISSIONS, READ_OPERATIONS, WRITE_OPERATIONS, Operation
from aws.kinds.catalog import API_NAMES
from aws.kinds.kind import DEFAULT_JOB_KINDS, Kind


@pytest.mark.parametrize("operation", READ_OPERATIONS.values(), ids=str)
def test_an_operation_is_its_services_and_reads_only(operation: Operation, loader: Any) -> None:
    assert operation.name in loader.load_service_model(operation.service, "service-2")["operations"]
    assert operation.name.startswith(("List", "Describe", "Get", "Search", "Simulate"))
    assert operation.action.endswith(f":{operation.name}")
    assert operation.needed_for != ()


@pytest.mark.parametrize("operation", WRITE_OPERATIONS.values(), ids=str)
def test_a_writing_operation_is_its_services(operation: Operation, loader: Any) -> None:
    assert operation.name in loader.load_service_model(operation.service, "service-2")["operations"]
    assert operation.action.startswith(f"{operation.service}:")
    assert operation.needed_for != ()
    assert operation.resource_level is True


def test_no_operation_is_in_both_tables() -> None:
    assert set(READ_OPERATIONS) & set(WRITE_OPERATIONS) == set()
    assert [operation.action for operation in IMPLIED_PERMISSIONS] == ["sagemaker:AddTags", "iam:PassRole"]


def test_the_actions_of_sagemaker_are_its_own() -> None:
    every = (*READ_OPERATIONS.values(), *WRITE_OPERATIONS.values())
    operations = [operation for operation in every if operation.service == "sagemaker"]
    assert {operation.action for operation in operations} == {f"sagemaker:{operation.name}" for operation in operations}


def test_each_is_found_under_its_own_name() -> None:
    for table in (READ_OPERATIONS, WRITE_OPERATIONS):
        assert {name: operation.name for name, operation in table.items()} == {name: name for name in table}


_NOT_CREATED = set(Kind) - {Kind.SNAPSHOT, Kind.RUNTIME, Kind.TRAINING_JOB, Kind.TRANSFORM_JOB}


def test_the_table_holds_what_is_called_and_nothing_else() -> None:
    spelled = {name for names in API_NAMES.values() for name in (names.list_operation, names.describe_operation)}
    created = {f"Create{API_NAMES[kind].prefix}" for kind in Kind if kind not in _NOT_CREATED}
    stopped = {f"Stop{API_NAMES[kind].prefix}" for kind in DEFAULT_JOB_KINDS}
    assert set(READ_OPERATIONS) | set(WRITE_OPERATIONS) == spelled | created | stopped | _named_in_calls()


def _named_in_calls() -> set[str]:
    """The operations that aws names where it calls AWS."""
    (folder,) = aws.__path__
    result: set[str] = set()
    for path in Path(folder).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                # The operation comes first; behind it may stand the key of what it lists.
                words = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
                called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                if called in {"call", "write", "write_when_visible", "read_pages"}:
                    result |= set(words[:1])
    return result
