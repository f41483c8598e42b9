"""A process that holds a lock until it is killed: `python -m tests.registry.lock_holder URL ID`."""

import signal
import sys

from registry.process_locks import ProcessLocks

if __name__ == "__main__":
    with ProcessLocks(sys.argv[1]) as locks:
        sys.stdout.write(f"{locks.hold(sys.argv[2])}\n")
        sys.stdout.flush()
        signal.pause()
