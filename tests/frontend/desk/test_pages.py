"""Every page of the desk answers those who may look, in both languages, and nobody else."""

import pytest
from django.conf import settings
from django.urls import reverse

from core.kernel.operators import ROLE_CODES, Ops
from tests.factories.operators import at_desk, make_operator

PAGES: dict[str, str] = {
    "admin:brands_brand_changelist": Ops.READ_BRANDS,
    "admin:brands_domain_changelist": Ops.READ_BRANDS,
    "admin:brands_schemastate_changelist": Ops.READ_BRANDS,
    "admin:brands_announcement_changelist": Ops.READ_ANNOUNCEMENTS,
    "admin:organisations_organisation_changelist": Ops.READ_ORGANISATIONS,
    "admin:organisations_licence_changelist": Ops.READ_ORGANISATIONS,
    "admin:people_user_changelist": Ops.READ_PEOPLE,
    "admin:people_signin_changelist": Ops.READ_PEOPLE,
    "admin:people_factorreset_changelist": Ops.READ_PEOPLE,
    "admin:people_operator_changelist": Ops.READ_OPERATORS,
    "admin:jobs_job_changelist": Ops.READ_JOBS,
    "admin:events_event_changelist": Ops.READ_AUDIT,
    "desk_jobs": Ops.READ_JOBS,
    "desk_deliveries": Ops.READ_DELIVERIES,
}


@pytest.mark.parametrize("role", ROLE_CODES)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_role_sees_its_pages_and_no_others(db: None, role: str, language: str) -> None:
    client = at_desk(make_operator("值守", role))
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    assert client.get("/").status_code == 200
    for name, code in PAGES.items():
        status = client.get(reverse(name, settings.URLCONF_OPS)).status_code
        assert (status == 200) is (code in ROLE_CODES[role]), (name, status)
        assert status in (200, 403, 404), name
