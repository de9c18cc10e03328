"""`python -m infra.dev …`: the commands behind the Makefile."""

from __future__ import annotations

import argparse
import subprocess
import sys

from infra.dev import catalogues, checks, demo, lock, servers, suite, translations
from infra.dev.places import ROOT, CannotGoOn


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns its exit status."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options) or 0)
    except CannotGoOn as problem:
        print(f"jiumai: {problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m infra.dev")
    commands = parser.add_subparsers(required=True, metavar="command")

    command = commands.add_parser("demo", help="the whole product, until Ctrl-C")
    command.add_argument("--anew", action="store_true", help="forget the demo's data first")
    command.set_defaults(run=lambda options: demo.run(anew=options.anew))

    command = commands.add_parser("servers", help="start, stop or ask the embedded PostgreSQL and Redis")
    command.add_argument("act", choices=["start", "stop", "status", "env"])
    command.set_defaults(run=_servers)

    command = commands.add_parser("translations", help="what is not translated; add it to a catalogue; compile")
    command.add_argument("act", choices=["check", "add", "compile"])
    command.add_argument("wing", nargs="?", default="", help="for add: core, dms, frontend/console …")
    command.set_defaults(run=_translations)

    commands.add_parser("check", help="all checks").set_defaults(run=lambda _options: checks.run())
    command = commands.add_parser("test", help="all tests, or those named", prefix_chars=" ")
    command.add_argument("arguments", nargs="*")
    command.set_defaults(run=lambda options: suite.run(options.arguments))
    commands.add_parser("bench", help="the benchmarks").set_defaults(run=_bench)
    commands.add_parser("lock", help="the lock made again").set_defaults(run=lambda _options: lock.run())
    return parser


def _servers(options: argparse.Namespace) -> int:
    if options.act == "start":
        print("\n".join(servers.start()))
        servers.keep()
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


def _translations(options: argparse.Namespace) -> int:
    if options.act == "add":
        print(f"{translations.add(options.wing)} strings added to {translations.catalogue_path(options.wing)}.")
        return 0
    if options.act == "compile":
        print(f"{catalogues.compile_catalogues()} catalogues compiled.")
        return 0
    sentences = translations.check().sentences()
    print("\n".join(sentences))
    return 1 if sentences else 0


def _bench(_options: argparse.Namespace) -> int:
    with servers.running():
        return subprocess.run([sys.executable, "-m", "tests.bench"], cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
