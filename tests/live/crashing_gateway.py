"""A gateway that kills itself on the way: `python -m tests.live.crashing_gateway POINT serve --config FILE …`.

A point is a step's name with `before` or `after`, such as `look:after`: then the step is done, and nobody has noted it.
"""

import os
import signal
import sys
from collections.abc import Callable
from functools import wraps
from typing import Any

from aws.storage import ObjectStorage
from aws.write.writer import Writer
from gateway.__main__ import main
from workflows.imports import runner
from workflows.imports.runner import ImportRunner

_CRASH_POINTS: dict[str, tuple[Any, str]] = {
    "prepare": (ImportRunner, "prepare"),
    "look": (ImportRunner, "read_model"),
    "finish": (ImportRunner, "finish"),
    "copy": (ObjectStorage, "copy"),
    "create": (Writer, "create_snapshot"),
    "keep": (runner, "persist_diff"),
}


def _crashing(function: Callable[..., Any], moment: str) -> Callable[..., Any]:
    @wraps(function)
    async def run(*arguments: Any, **named: Any) -> Any:
        if moment == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        await function(*arguments, **named)
        os.kill(os.getpid(), signal.SIGKILL)

    return run


if __name__ == "__main__":
    name, moment = sys.argv[1].split(":")
    owner, attribute = _CRASH_POINTS[name]
    setattr(owner, attribute, _crashing(getattr(owner, attribute), moment))
    sys.exit(main(sys.argv[2:]))
