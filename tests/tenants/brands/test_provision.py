"""Opening a brand in the background: a row at once, then steps a job takes, whoever runs it."""

import pytest
from pytest_django import Settings

from core.db.acts import brand_schema, public
from core.db.schemas import schema_exists
from core.events.models import Event
from core.jobs.models import Job
from core.jobs.services import run
from core.kernel.actor import Actor
from core.kernel.errors import NotPermitted
from core.kernel.operators import SYSTEM
from core.project.soundness import faults
from dms.dealers.models import Dealer
from tenants.brands.errors import BadBrand, BadSlug, SlugTaken
from tenants.brands.events import BRAND_OPENED
from tenants.brands.hosts import brand_at
from tenants.brands.models import Brand, SchemaState
from tenants.brands.services import OpenBrand, open_brand, provision, request_deletion
from tenants.brands.services.opening import STEPS
from tests.cast import Cast
from tests.factories.operators import make_operator

COMMAND = OpenBrand("new-river", "新河酒业", "New River", currency="USD", region_code="140100")


@pytest.fixture
def operator(db: None) -> Actor:
    return make_operator("运维甲", SYSTEM)


def ran(job: Job) -> Job:
    with public():
        run(job.pk)
        return Job.objects.get(pk=job.pk)


def test_a_job_opens_it_in_steps(operator: Actor) -> None:
    job = provision(actor=operator, command=COMMAND)
    facts = brand_at("new-river.jiumai.localhost")
    assert facts is not None
    assert not facts.is_open
    assert not schema_exists("t_new_river")
    done = ran(job)
    assert (done.status, done.done, done.total) == ("DONE", len(STEPS), len(STEPS))
    with public():
        brand = Brand.objects.get(slug="new-river")
        assert brand.state == "ACTIVE"
        assert SchemaState.objects.get(pk="t_new_river").status == "CURRENT"
        opened = Event.objects.get(kind=BRAND_OPENED, aggregate_id="new-river")
    assert opened.payload == {"brand_schemas": ["t_new_river"]}
    assert opened.person_id == operator.person_id
    with brand_schema("t_new_river"):
        root = Dealer.objects.get()
        assert (root.code, root.name, root.region_code) == ("ROOT", "新河酒业", "140100")
        assert faults() == []


def test_a_step_that_breaks_is_taken_again(operator: Actor, settings: Settings) -> None:
    good = settings.BRAND_OPENERS
    settings.BRAND_OPENERS = ["tests.tenants.brands.nowhere.at_all"]
    job = ran(provision(actor=operator, command=COMMAND))
    assert (job.status, job.done) == ("FAILED", 1)
    with public():
        assert Brand.objects.get(slug="new-river").state == "PROVISIONING"
    settings.BRAND_OPENERS = good
    again = ran(provision(actor=operator, command=COMMAND))
    assert again.status == "DONE"
    with brand_schema("t_new_river"):
        assert Dealer.objects.count() == 1


def test_what_cannot_be_a_brand_starts_no_job(operator: Actor, cast: Cast) -> None:
    for command, refusal in (
        (OpenBrand("www", "别家"), BadSlug),
        (OpenBrand("xinghe", "别家"), SlugTaken),
        (OpenBrand("other", " "), BadBrand),
        (OpenBrand("other", "别家", currency="XXX"), BadBrand),
    ):
        with pytest.raises(refusal):
            provision(actor=operator, command=command)
    with pytest.raises(NotPermitted):
        provision(actor=cast.actor("admin"), command=COMMAND)
    with public():
        assert not Job.objects.exists()
        assert not Brand.objects.filter(slug="other").exists()


def test_a_brand_that_never_came_to_be_can_be_deleted(operator: Actor) -> None:
    open_brand(actor=operator, command=COMMAND)
    job = ran(request_deletion(actor=operator, slug="new-river", reason="填错了"))
    assert (job.status, job.result_file_id) == ("DONE", None)
    with public():
        assert Brand.objects.get(slug="new-river").state == "DELETED"
    with pytest.raises(SlugTaken):
        open_brand(actor=operator, command=COMMAND)
