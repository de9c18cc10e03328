"""`python -m infra.dev …`: the commands behind the Makefile."""

from __future__ import annotations

import argparse
import sys

from infra.dev.places import CannotGoOn


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns its exit status."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except CannotGoOn as problem:
        print(f"jiumai: {problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m infra.dev")
    commands = parser.add_subparsers(required=True, metavar="command")
    servers = commands.add_parser("servers", help="start, stop or ask the embedded PostgreSQL and Redis")
    servers.add_argument("act", choices=["start", "stop", "status", "env"])
    servers.set_defaults(run=_servers)
    return parser


def _servers(options: argparse.Namespace) -> int:
    from infra.dev import servers

    if options.act == "start":
        print("\n".join(servers.start().sentences))
    elif options.act == "stop":
        servers.stop()
    elif options.act == "env":
        for name, url in servers.addresses().items():
            print(f"{name}={url}")
    else:
        answers = servers.status()
        for name, is_running in answers.items():
            print(f"{name}: {'running' if is_running else 'stopped'}")
        return 0 if all(answers.values()) else 3
    return 0


if __name__ == "__main__":
    sys.exit(main())
