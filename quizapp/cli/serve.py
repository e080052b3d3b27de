"""Commands that run the site: serve, staff add."""

import sys

import click


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="0.0.0.0 lets other devices in.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--confirm-clock", is_flag=True, help="Today's date is right, although it has jumped.")
def serve(host: str, port: int, confirm_clock: bool) -> None:
    """Make or upgrade the database, print the addresses, and serve."""
    from quizapp import server
    from quizapp.config import from_environment

    sys.exit(server.serve(from_environment(), host, port, confirm_clock=confirm_clock))


@click.group()
def staff() -> None:
    """Accounts of nurses and leads."""


@staff.command("add")
@click.argument("name")
@click.option("--role", type=click.Choice(["nurse", "lead"]), required=True)
def staff_add(name: str, role: str) -> None:
    """Add an account and print the link, good for one use, with which its owner sets a password."""
    from quizapp.accounts import accounts
    from quizapp.app import create_app
    from quizapp.web.context import context_of

    context = context_of(create_app())
    with context.database.writing() as session:
        token = accounts.add_with_link(session, name, role, context.clock())
        session.commit()
    address = context.settings.public_url.rstrip("/") or "http://127.0.0.1:8000"
    click.echo(f"{address}/staff/link/{token}")


COMMANDS = (serve, staff)
