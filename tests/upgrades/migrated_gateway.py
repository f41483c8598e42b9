"""A gateway of this release or another: `python PATH/migrated_gateway.py CONFIG` migrates as it can, and serves.

Deployments are looked after at the pace of tests. The gateway is the one that the working folder has.
"""

import sys
from functools import partial

import gateway.bootstrap
from gateway.__main__ import main
from workflows.deployments.deps import DeploymentIntervals

if __name__ == "__main__":
    vars(gateway.bootstrap)["DeploymentIntervals"] = partial(DeploymentIntervals, poll=0.1, sweep=0.3)
    config = sys.argv[1]
    sys.exit(main(["migrate", "--config", config]) or main(["serve", "--config", config, "--port", "0"]))
