"""The trail says which firm's paper came from whose people, and asks for all of a page at once."""

from uuid import uuid4

from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.db.acts import act, public
from core.kernel import clock
from core.kernel.ids import uuid7
from tenants.organisations.models import Licence, Organisation
from tenants.organisations.services import expire_licences, take_submission
from tests.factories.operators import at_desk, make_operator
from tests.factories.people import make_person
from tests.portals import TestPortal

USCC = "91350100M000100Y43"


def sent(number: str, *, person_name: str = "刘泉生") -> Licence:
    """A food permit of 泉城名酒, sent by somebody of 杏禾's portal."""
    person = make_person(person_name)
    with public(), act():
        firm, _ = Organisation.objects.get_or_create(
            uscc=USCC, defaults={"name": "泉城名酒", "kind": "DEALER", "created_at": clock.now()}
        )
        number_of_paper = uuid7()
        told = {
            "licence_id": str(number_of_paper),
            "organisation_id": str(firm.pk),
            "type": "JY",
            "number": number,
            "scope": "",
            "valid_from": "2020-01-01",
            "valid_to": "2021-01-01",
            "file_ids": [str(uuid4())],
        }
        take_submission(schema_name="t_xinghe", submitted_by=person.pk, told=told)
        return Licence.objects.get(pk=number_of_paper)


def test_a_submission_names_the_firm_and_whose_people_sent_it(xinghe: TestPortal) -> None:
    paper = sent("JY13701020000001")
    client = at_desk(make_operator("审计员", "audit"))
    page = client.get("/events/event/").content.decode()
    for words in ("泉城名酒", "JY13701020000001", "杏禾酒业 · 刘**"):
        assert words in page
    assert "刘泉生" not in page
    assert str(paper.pk) not in page
    with public():
        Licence.objects.filter(pk=paper.pk).update(status="VERIFIED")
        expire_licences()
    rows = client.get("/events/event/?q=organisations.licence_expired").content.decode()
    assert "泉城名酒" in rows
    assert "刘**" not in rows, "the sender did not let it end"


def test_the_names_of_a_page_cost_the_same_for_one_and_for_many(xinghe: TestPortal) -> None:
    client = at_desk(make_operator("审计员", "audit"))
    costs = []
    for numbers in (range(1), range(1, 12)):
        for number in numbers:
            sent(f"JY1370102{number:07}", person_name=f"人{number}")
        client.get("/events/event/")
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert client.get("/events/event/").status_code == 200
        costs.append(len(asked))
    assert costs[0] == costs[1]
