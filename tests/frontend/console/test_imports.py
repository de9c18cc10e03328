"""The pages of imports: what they read is told by the reader, the file to fill in, a run that took nothing."""

import pytest

from core.catalogue.resources import import_guide
from core.jobs.models import Job
from core.kernel import clock
from tests.cast import Cast
from tests.clients import HostClient


@pytest.mark.parametrize("slug", ["products", "dealers", "count"])
@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_the_page_leads_to_a_file_to_fill_in(desk: HostClient, slug: str, ending: str) -> None:
    page = desk.get(f"/console/import/{slug}/")
    links = {part for entry in page.context["templates"] for part in entry[1:] if f"/{ending}/" in part}
    assert links
    for link in links:
        assert link.replace("&", "&amp;") in page.content.decode()
        answer = desk.get(link)
        assert answer.status_code == 200
        assert f".{ending}" in answer["Content-Disposition"] or "filename*" in answer["Content-Disposition"]


def test_the_page_tells_every_heading_the_reader_knows(desk: HostClient) -> None:
    page = desk.get("/console/import/products/").content.decode()
    for column in import_guide():
        assert all(heading in page for heading in column.headings)
    assert "代码" in page


def test_a_stranger_ending_is_not_found(desk: HostClient) -> None:
    assert desk.get("/console/import/products/template/pdf/").status_code == 404
    assert desk.get("/console/import/nothing/template/csv/").status_code == 404


@pytest.mark.parametrize("is_dry_run", [True, False])
def test_a_run_that_took_nothing_does_not_say_done(cast: Cast, desk: HostClient, is_dry_run: bool) -> None:
    failures = [{"row": 2, "code": "x", "text": "x", "fields": {}, "remedy": ""}]
    job = Job.objects.create(
        kind="dealers.import",
        seat_id=cast.admin.seat_id,
        dealer_id=cast.admin.dealer_id,
        status="DONE_WITH_ERRORS",
        total=1,
        failed=1,
        failures=failures,
        is_dry_run=is_dry_run,
        created_at=clock.now(),
    )
    page = desk.get(f"/console/jobs/{job.pk}/").content.decode()
    assert ("没有一行可以导入" if is_dry_run else "一行也没有导入") in page
    assert "部分完成" not in page
    assert "部分完成" not in desk.get("/console/jobs/").content.decode().split("<tbody>")[1]
