"""Answers to one question, cold, inside the fresh age and outside it, each with its calls to AWS."""

from collections.abc import Mapping
from typing import Final

from benchmarks import call_bounds
from benchmarks.figures import format_seconds
from benchmarks.processes import GatewayProcess, SandboxProcess, TimedResponse

WHENS: Final = ("cold", "inside the window", "outside it")

Asked = tuple[TimedResponse, Mapping[str, int]]
"""An answer, and its calls to AWS by operation."""


def ask_counted(aws: SandboxProcess, gateway: GatewayProcess, query: str) -> Asked:
    """Ask the gateway a query, and count its calls to the sandbox from nought."""
    aws.forget_calls()
    answer = gateway.ask(query)
    return answer, aws.calls()


def counts_by_time(answers: Mapping[str, Asked]) -> Mapping[str, int]:
    """Give the number of calls of each answer, by its time."""
    return {when: call_bounds.counted_calls(calls) for when, (_, calls) in answers.items()}


def cells_by_time(answers: Mapping[str, Asked]) -> list[str]:
    """Give the cells of a table's row: the calls and seconds of each answer."""
    counts = counts_by_time(answers)
    return [f"{counts[when]} calls, {format_seconds([answers[when][0].seconds])}" for when in WHENS]


def figures_by_time(answers: Mapping[str, Asked]) -> Mapping[str, object]:
    """Give the figures that are kept of each answer, by its time."""
    return {
        when: {"seconds": answer.seconds, "calls": dict(calls), "errors": answer.errors}
        for when, (answer, calls) in answers.items()
    }
