"""The account that tests of pipelines look at."""

import pytest

from sandbox.server import Sandbox
from tests.pipelines import MadeExecutions, make_executions


@pytest.fixture
def made(sandbox: Sandbox) -> MadeExecutions:
    """See tests.pipelines."""
    return make_executions(sandbox)
