"""What an operator starts in these flows, done by a process of its own: ``python -m tests.flows.at_the_desk``."""

import sys

import django

django.setup()

from core.jobs.models import Job  # noqa: E402 - only after the set-up
from core.kernel.operators import SYSTEM  # noqa: E402
from tenants.brands.services import OpenBrand, provision, request_deletion  # noqa: E402
from tests.factories.operators import make_operator  # noqa: E402


def opened(slug: str) -> Job:
    """Have a brand provisioned."""
    actor = make_operator("运维甲", SYSTEM)
    return provision(actor=actor, command=OpenBrand(slug, "新河酒业", region_code="140100"))


def deleted(slug: str) -> Job:
    """Have a brand deleted."""
    return request_deletion(actor=make_operator("运维甲", SYSTEM), slug=slug, reason="合同到期")


if __name__ == "__main__":
    sys.stdout.write(str({"provision": opened, "delete": deleted}[sys.argv[1]](sys.argv[2]).pk))
