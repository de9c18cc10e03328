"""What an operator starts in these flows, done by a process of its own: ``python -m tests.flows.at_the_desk``."""

import sys
from pathlib import Path

import django

django.setup()

from core.files.rules import Purpose  # noqa: E402 - only after the set-up
from core.jobs.models import Job  # noqa: E402
from core.jobs.uploads import start_over  # noqa: E402
from core.kernel.operators import SYSTEM  # noqa: E402
from tenants.brands.services import OpenBrand, provision, request_deletion  # noqa: E402
from tenants.brands.services.moving_in import IMPORT  # noqa: E402
from tests.factories.operators import make_operator  # noqa: E402


def opened(slug: str) -> Job:
    """Have a brand provisioned."""
    actor = make_operator("运维甲", SYSTEM)
    return provision(actor=actor, command=OpenBrand(slug, "新河酒业", region_code="140100"))


def deleted(slug: str) -> Job:
    """Have a brand deleted."""
    return request_deletion(actor=make_operator("运维甲", SYSTEM), slug=slug, reason="合同到期")


def imported(path: str) -> Job:
    """Have a brand's archive taken in."""
    with Path(path).open("rb") as archive:
        return start_over(
            actor=make_operator("运维甲", SYSTEM),
            kind=IMPORT,
            upload=archive,
            name=Path(path).name,
            purpose=Purpose.ARCHIVE,
        )


ACTS = {"provision": opened, "delete": deleted, "import": imported}

if __name__ == "__main__":
    sys.stdout.write(str(ACTS[sys.argv[1]](sys.argv[2]).pk))
