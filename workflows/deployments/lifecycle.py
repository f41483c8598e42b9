"""The lifecycle of deployments, put together: its bodies, and the loops that look after what runs."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any

from workflows.deployments import works
from workflows.deployments.comparing import Comparing
from workflows.deployments.explaining import explain_wait
from workflows.deployments.failing import fail
from workflows.deployments.filing import Filing
from workflows.deployments.going_on import nudge, sweep
from workflows.deployments.launching import Launching
from workflows.deployments.means import Means
from workflows.deployments.polling import Polling
from workflows.deployments.rehearsing import Rehearsing
from workflows.deployments.settling import Settling
from workflows.deployments.starting import Starting
from workflows.deployments.verifying import Verifying
from workflows.deployments.watching import Watching
from workflows.durable.engine import Engine
from workflows.durable.errors import StepFailedError
from workflows.durable.work import Body, Work

_log = logging.getLogger("sagegraph.deployments")


class Lifecycle:
    """Takes deployments through their phases.

    Args:
        means: What it is done with.
    """

    def __init__(self, means: Means) -> None:
        self.means = means
        self.starting = Starting(means)
        self.polling = Polling(means)
        self.watching = Watching(means, self.starting)
        self._filing = Filing(means)

    @property
    def bodies(self) -> Mapping[str, Body]:
        """The durable bodies, by the names under which they are registered."""
        means = self.means
        return {
            works.VERIFY: partial(self._phase, "verify", Verifying(means).verify),
            works.REHEARSE: partial(self._phase, "rehearse", Rehearsing(means).rehearse),
            works.COMPARE: partial(self._phase, "compare", Comparing(means).compare),
            works.LAUNCH: partial(self._phase, "launch", Launching(means).launch),
            works.SETTLE: partial(self._phase, "settle", Settling(means).settle),
            works.FILE: self._file,
            works.TELL: self._tell,
        }

    def serve(self, engine: Engine) -> None:
        """Lets works begin, and begins the loops; each runs in one process of all."""
        pace = self.means.rules.pace
        self.means.works.serve(engine)
        engine.every("deployments", pace.poll, self.polling.turn)
        engine.every("deployment-sweep", pace.sweep, partial(sweep, self.means))
        engine.every("watch", pace.watch, self.watching.turn)

    async def _phase(
        self, name: str, function: Callable[..., Awaitable[None]], work: Work, key: str, attempt: int, *more: Any
    ) -> None:
        """One phase: it brings the deployment on, or fails it, and starts what follows.

        It waits for AWS and the registry where they are away: what is approved is not asked for again because of that.
        How long a deployment may stay in a state ends it (see polling.py), and so does a cancellation.
        """
        explained = partial(explain_wait, self.means, key, attempt)
        try:
            await work.step(name, function, key, attempt, *more, attempts=None, waiting=explained)
        except StepFailedError as error:
            await work.step("fail", self._fail, key, attempt, error.kind, error.message, attempts=None)
        await work.step("go on", self._go_on, key, attempts=None)

    async def _fail(self, key: str, attempt: int, kind: str, message: str) -> None:
        await fail(self.means, key, attempt, kind, message)

    async def _go_on(self, key: str) -> None:
        await nudge(self.means, key)

    async def _file(self, work: Work, number: int, tries: int) -> None:
        """Files a ticket; where that fails, the next sweep tries it again, as another work.

        Its deployment may have ended meanwhile, which is to be said beneath it then.
        """
        try:
            key = await work.step("file", self._filing.file, number, tries)
        except StepFailedError as error:
            await work.step("note", self._filing.not_filed, number, tries, error.message)
        else:
            if key is not None:
                await work.step("go on", self._go_on, key)

    async def _tell(self, work: Work, key: str, attempt: int) -> None:
        try:
            await work.step("tell", self._filing.tell, key, attempt)
        except StepFailedError as error:
            _log.warning("What has come of the deployment %s could not be told: %s", key, error.message)
