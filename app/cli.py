"""The command line `crossdrill`: every command, and what an expected failure looks like."""

from __future__ import annotations

import gc

import typer

from app.commands.console import stop
from app.commands.failures import sentence

INTERRUPTED = 130  # 128 + SIGINT, as shells have it
SELDOM = 50_000
"""How many new objects the garbage collector waits for: hundreds of thousands are imported, and none of them is garbage."""


def program() -> typer.Typer:
    """Return the whole command line. Raises OfferError where a family of another package can't be loaded."""
    # not at the top: commands import the families, and what fails there is to be told in a sentence too
    from app.commands import (  # noqa: PLC0415
        audit,
        backup,
        bank,
        drill,
        export,
        learners,
        migrate_data,
        regrade,
        serve,
        tokens,
        upkeep,
    )

    app = typer.Typer(
        name="crossdrill",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,  # they print the values of local variables, and a token may be among them
        help="Practise cross-entropy for interviews.",
    )
    for commands in (serve, upkeep, backup, migrate_data, drill, regrade, audit):
        app.add_typer(commands.app)
    app.add_typer(tokens.app, name="token")
    app.add_typer(learners.app, name="learners")
    app.add_typer(bank.app, name="bank")
    app.add_typer(export.app, name="export")
    return app


def main() -> None:
    """Run the command line; an expected failure is one sentence and exit status 1, Ctrl-C is exit status 130."""
    gc.set_threshold(SELDOM)
    try:
        program()()
    except KeyboardInterrupt:
        raise SystemExit(INTERRUPTED) from None
    except Exception as error:
        told = sentence(error)
        if told is None:
            raise
        stop(told)
