"""An observer of calls and steps that keeps what it is told, without the times."""

from dataclasses import dataclass, field

from concurrency.tracing import Tracer


@dataclass
class RecordingObserver:
    calls: list[tuple[str, str]] = field(default_factory=list)
    waits: list[str] = field(default_factory=list)
    steps: list[tuple[str, str, str]] = field(default_factory=list)
    tracer: Tracer | None = None

    def on_call(self, operation: str, outcome: str, seconds: float) -> None:
        assert seconds >= 0
        self.calls.append((operation, outcome))

    def on_wait(self, operation: str, seconds: float) -> None:
        assert seconds >= 0
        self.waits.append(operation)

    def on_step(self, workflow: str, step: str, outcome: str, seconds: float) -> None:
        assert seconds >= 0
        self.steps.append((workflow, step, outcome))
