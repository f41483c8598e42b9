"""An AWS in this process: the sandbox's SageMaker and STS, and moto's IAM, S3 and CloudWatch, on one port."""

from typing import Any, Self, TypeVar

from moto.core.base_backend import BackendDict
from moto.core.model_instances import reset_model_data

from sandbox.call_log import CallLog
from sandbox.clock import Clock
from sandbox.fault_injection import FaultInjection
from sandbox.http_app import SandboxApp
from sandbox.iam import tokens
from sandbox.iam.principals import Principal, Principals
from sandbox.sagemaker.objects import MotoObjects
from sandbox.sagemaker.service import SageMakerService
from sandbox.sagemaker.timeline import Durations, Timeline
from sandbox.threaded_server import ThreadedServer

T = TypeVar("T")


class Sandbox:
    """A running sandbox; made by :meth:`start`, ended by :meth:`stop` or by leaving its ``with`` block.

    The state of STS, IAM, S3 and CloudWatch is moto's and belongs to the whole process; SageMaker's is per sandbox.

    Args:
        pace: The durations of creations, updates and jobs; None for the usual ones.
    """

    def __init__(self, pace: Durations | None = None) -> None:
        self.clock = Clock()
        self.sagemaker = SageMakerService(self.clock, pace)
        self.calls = CallLog()
        self.faults = FaultInjection()
        self._principals = Principals()
        self._app = SandboxApp(self.sagemaker, self.calls, self.faults, self._principals)
        self._server: ThreadedServer | None = None
        self.url = ""

    @classmethod
    def start(cls, port: int = 0, pace: Durations | None = None) -> Self:
        """Serve on 127.0.0.1, ready when this returns.

        Args:
            port: The port; 0 for any free one.
            pace: The durations of creations, updates and jobs; None for the usual ones.

        Raises:
            OSError: The port is taken.
        """
        sandbox = cls(pace)
        sandbox._server = ThreadedServer.start(sandbox._app, port, "sandbox")
        sandbox.url = sandbox._server.url
        return sandbox

    @property
    def is_enforcing(self) -> bool:
        """True if signatures, sessions and policies are checked; at the start any keys will do."""
        return not self._app.authorizer.is_open

    def enforce(self, *, on: bool = True) -> None:
        """Switch the enforcement of IAM on or off."""
        self._app.authorizer.is_open = not on

    def web_identity_token(self, issuer: str, subject: str, seconds: float = 3600.0) -> str:
        """A token as a cluster would mount it for a pod, valid for `seconds` of the sandbox."""
        return tokens.issue(issuer, subject, self.clock.now() + seconds)

    @property
    def timeline(self) -> Timeline:
        """The scheduled changes and decided outcomes."""
        return self.sagemaker.timeline

    @property
    def objects(self) -> MotoObjects:
        """S3's objects, without HTTP."""
        return self.sagemaker.objects

    def call(self, operation: str, account: str, region: str, /, **request: Any) -> dict[str, Any]:
        """Call a SageMaker operation without HTTP, IAM, faults or counting.

        Args:
            operation: The operation, such as ``CreateModel``.
            account: The caller's account.
            region: The region of the resources.
            **request: The operation's input, as boto3 takes it; times are seconds since the epoch, as in the answer.

        Raises:
            ServiceError: SageMaker's error answer.
        """
        return _copied(self.sagemaker.answer(operation, request, account, region))

    def call_as(self, arn: str, operation: str, account: str, region: str, /, **request: Any) -> dict[str, Any]:
        """Call a SageMaker operation as :meth:`call` does, with the ARN of a user or a role's session as its caller."""
        caller = Principal(arn, account)
        return _copied(self.sagemaker.answer(operation, request, account, region, caller=caller))

    def advance(self, seconds: float) -> None:
        """Advance the sandbox's clock by seconds; changes that fall due are applied before this returns."""
        self.clock.advance(seconds)
        self.sagemaker.run_due()

    def reset(self) -> None:
        """Restore the state after the start: no resources in any service, no faults, no counts, real time."""
        self.faults.clear()
        self.sagemaker.clear()
        BackendDict.reset()
        # moto keeps a list of all objects that it ever made, and goes through all of them at each reset.
        reset_model_data()
        self._principals.clear()
        self.calls.clear()
        self.clock.reset()
        self.enforce(on=False)

    def stop(self) -> None:
        """Close every connection and the port, and end the threads; requests under way are cut off."""
        if self._server is None:
            return
        self._server.stop()
        self.faults.clear()
        self._app.moto.close()
        self._server = None

    def __enter__(self) -> Self:
        """The sandbox itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Stop."""
        self.stop()


def _copied(answer: T) -> T:
    """Copy an answer (dictionaries, lists and immutable values) in a third of the time of `copy.deepcopy`."""
    copied: Any = answer
    if isinstance(answer, dict):
        copied = {key: _copied(value) for key, value in answer.items()}
    elif isinstance(answer, list):
        copied = [_copied(value) for value in answer]
    return copied  # type: ignore[no-any-return] # A copy has the type of its original.
