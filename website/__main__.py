"""`python -m website [FOLDER]`: builds the site into FOLDER/site (build/website/site)."""

import argparse
import sys
from pathlib import Path

from benchmarks.locked_environments import LockedEnvironmentError
from website.build import build
from website.errors import SiteError


def main() -> int:
    """Build the site, and print its address, or its faults."""
    parser = argparse.ArgumentParser(prog="python -m website", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=Path("build") / "website")
    try:
        site = build(parser.parse_args().folder)
    except (SiteError, LockedEnvironmentError) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"Open {site}/index.html, or: python3 -m http.server --directory {site}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
