"""``manage.py appoint_operator``: let the first people run the platform; later ones are appointed at the desk."""

import secrets
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.kernel.errors import DomainError
from core.kernel.operators import ROLE_CODES
from tenants.people.operators import appoint_operator, person_to_appoint
from tenants.people.rules import AccountName, Means, account_name
from tenants.people.selectors import person_named
from tenants.people.services import register_person


def _written_down(known: AccountName, name: str) -> None:
    """A new account whose password nobody knows."""
    is_phone = known.means is Means.PHONE
    register_person(
        name=name,
        phone=known.value if is_phone else None,
        email=None if is_phone else known.value,
        password=secrets.token_urlsafe(32),
    )


class Command(BaseCommand):
    """Gives a person who has an account one or more of the separated roles."""

    help = "Appoint an operator: somebody with an account, in roles that may be held together."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whom, and in which roles."""
        parser.add_argument("account", help="mobile number or e-mail of somebody who has an account")
        parser.add_argument("role", nargs="+", choices=sorted(ROLE_CODES))
        parser.add_argument("--name", default="", help="write the person down by this name if there is no account yet")

    def handle(self, *args: Any, **options: Any) -> None:
        """Appoint, or say why not."""
        try:
            account = account_name(options["account"])
            if person_named(account) is None:
                if not options["name"]:
                    raise CommandError("Nobody has an account by this name; --name writes them down.")
                _written_down(account, options["name"])
                self.stdout.write("They choose a password by “Forgotten password” on the sign-in page.")
            person = person_to_appoint(account)
            appoint_operator(actor=None, person_id=person.pk, roles=options["role"], reason="appoint_operator")
        except DomainError as refusal:
            raise CommandError(str(refusal)) from None
        factor = "" if person.has_second_factor else " They set up a second factor on their account page first."
        self.stdout.write(f"{person.name} may run the platform as {', '.join(options['role'])}.{factor}")
