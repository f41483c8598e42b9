"""One benchmark case, and the options of a run."""

from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.figures import BenchmarkResult


@dataclass(frozen=True)
class RunOptions:
    """Options of the command line.

    Attributes:
        rounds: The number of rounds in which peers are measured side by side.
        seed: The seed of random choices.
    """

    rounds: int = 2
    seed: int = 1


@dataclass(frozen=True)
class BenchmarkCase:
    """One row.

    Attributes:
        name: The word by which the command line names it.
        title: The measured question, in a sentence.
        prediction: The expected outcome, written down before anything is measured.
        measure: Measures it.
    """

    name: str
    title: str
    prediction: str
    measure: Callable[[RunOptions], BenchmarkResult]
