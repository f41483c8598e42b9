"""One benchmark case, and the options of a run."""

from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.figures import BenchmarkResult


@dataclass(frozen=True)
class RunOptions:
    """Options of the command line.

    Attributes:
        rounds: How often peers are measured side by side.
        seed: What random choices begin with.
    """

    rounds: int = 2
    seed: int = 1


@dataclass(frozen=True)
class BenchmarkCase:
    """One row.

    Attributes:
        name: What it is asked for by.
        title: What is measured, in a sentence.
        prediction: What is expected, written down before anything is measured.
        measure: Measures it.
    """

    name: str
    title: str
    prediction: str
    measure: Callable[[RunOptions], BenchmarkResult]
