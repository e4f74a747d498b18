"""`drumbeat` and `python -m bot`."""

import io
import sys

from bot.cli import commands


def main() -> None:
    """Run the command line; Chinese must come out whatever the terminal's locale says."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    commands()


if __name__ == "__main__":
    main()
