"""An account with one model to import, and what belongs to it."""

import pytest

from sandbox.server import Sandbox
from tests.sagemaker_builder import building


@pytest.fixture
def account(sandbox: Sandbox) -> Sandbox:
    """A model with a snapshot, a runtime, a training job and a transform job; and another model beside it."""
    with building(sandbox) as made:
        artifact = made.training("train")
        made.model("scorer", artifact)
        made.model("other")
        made.snapshot("scorer-snapshot", "scorer")
        made.snapshot("other-snapshot", "other")
        made.runtime("scorer-runtime", "scorer-snapshot")
        made.transform("batch", "scorer")
    return sandbox
