"""The lines of the operator's desk: every address and every deed, and the code without which it is not there.

Written down once more on purpose, apart from the windows themselves: who changes a code there changes it here too.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from core.kernel.operators import Ops
from tests.walls.office import Office

Id = Callable[[Office], object]
ANYBODY = ""
"""The code of what every operator may open."""


@dataclass(frozen=True, slots=True)
class Line:
    """One address with one method; ``code`` is what an operator needs."""

    name: str
    method: str
    code: str
    ids: dict[str, Id] = field(default_factory=dict)
    changes_nothing: bool = False

    def __str__(self) -> str:
        return f"{self.method} {self.name}"


LINES: list[Line] = []
LIST_CODES: dict[str, str] = {
    "announcement": Ops.READ_ANNOUNCEMENTS,
    "brand": Ops.READ_BRANDS,
    "brand_jobs": Ops.READ_JOBS,
    "deliveries": Ops.READ_DELIVERIES,
    "domain": Ops.READ_BRANDS,
    "event": Ops.READ_AUDIT,
    "factorreset": Ops.READ_PEOPLE,
    "job": Ops.READ_JOBS,
    "licence": Ops.READ_ORGANISATIONS,
    "operator": Ops.READ_OPERATORS,
    "organisation": Ops.READ_ORGANISATIONS,
    "schemastate": Ops.READ_BRANDS,
    "signin": Ops.READ_PEOPLE,
    "user": Ops.READ_PEOPLE,
}
"""What an operator needs to take a list out."""
OPEN: dict[str, str] = {
    "healthz": "tells a probe how the process fares",
    "readyz": "tells a probe how the process fares",
    "metrics": "tells a probe how the process fares",
    "certificate": "tells the proxy whether a host is one of ours",
    "set_language": "this browser's language",
    "sign_in": "for operators signed out",
    "sign_out": "ends whoever asks",
}


def page(name: str, code: str, **ids: Id) -> None:
    """Something to look at."""
    LINES.append(Line(name, "GET", code, ids))


def form(name: str, code: str, **ids: Id) -> None:
    """A form: looked at and sent by the same operators."""
    LINES.extend(Line(name, method, code, ids) for method in ("GET", "POST"))


def window(table: str, code: str, row: str, list_deeds: dict[str, str], deeds: dict[str, str]) -> None:
    """A window: its list, the page of ``row``, and its deeds with the code each needs. Neither list nor page writes."""
    name = f"admin:{table}"
    of_row = {"object_id": lambda office: office.rows[row]}
    for method in ("GET", "POST"):
        LINES.append(Line(f"{name}_changelist", method, code, {}, changes_nothing=True))
        LINES.append(Line(f"{name}_change", method, code, of_row, changes_nothing=True))
        for deed, needed in list_deeds.items():
            LINES.append(Line(f"{name}_list_deed", method, needed, {"name": _word(deed)}))
        for deed, needed in deeds.items():
            LINES.append(Line(f"{name}_deed", method, needed, {**of_row, "name": _word(deed)}))


def _word(text: str) -> Id:
    return lambda _: text


form("admin:index", ANYBODY)
form("admin:search", ANYBODY)
form("admin:jsi18n", ANYBODY)
LINES.append(Line("logout", "POST", ANYBODY))
form("admin:logout", ANYBODY)
page("desk_deliveries", Ops.READ_DELIVERIES)
for deed in ("retry", "drop"):
    form(
        "desk_delivery_deed",
        Ops.EDIT_DELIVERIES,
        schema=lambda office: office.schema,
        delivery_id=lambda office: office.rows["delivery"],
        deed=_word(deed),
    )
page("desk_jobs", Ops.READ_JOBS)
form(
    "desk_job_stop",
    Ops.EDIT_JOBS,
    schema=lambda office: office.schema,
    job_id=lambda office: office.rows["brand_job"],
)
form("desk_administrator", Ops.EDIT_BRANDS, brand_id=lambda office: office.rows["brand"])
page("desk_progress", Ops.READ_BRANDS, job_id=lambda office: office.rows["job"])
page("desk_progress_steps", Ops.READ_BRANDS, job_id=lambda office: office.rows["job"])
page("desk_scan", Ops.READ_ORGANISATIONS, licence_id=lambda office: office.rows["licence"], place=lambda _: 0)
page("desk_job_file", Ops.READ_ORGANISATIONS, job_id=lambda office: office.rows["export"])
page("desk_job_file", Ops.DELETE_BRANDS, job_id=lambda office: office.rows["archive"])
LINES.extend(Line("desk_list_out", "POST", code, {"name": _word(name)}) for name, code in LIST_CODES.items())
for name in ("desk_list_file", "desk_list_steps"):
    page(name, Ops.DELETE_BRANDS, job_id=lambda office: office.rows["own_list"])

window("jobs_job", Ops.READ_JOBS, "job", {}, {"stop": Ops.EDIT_JOBS})
window("events_event", Ops.READ_AUDIT, "event", {}, {})
window(
    "people_user",
    Ops.READ_PEOPLE,
    "person",
    {},
    dict.fromkeys(("lock", "unlock", "sign-out", "factor"), Ops.EDIT_PEOPLE),
)
window("people_signin", Ops.READ_PEOPLE, "sign_in", {}, {})
window(
    "people_operator",
    Ops.READ_OPERATORS,
    "operator",
    {"appoint": Ops.EDIT_OPERATORS},
    dict.fromkeys(("roles", "dismiss"), Ops.EDIT_OPERATORS),
)
window("people_factorreset", Ops.READ_PEOPLE, "reset", {}, dict.fromkeys(("agree", "refuse"), Ops.EDIT_PEOPLE))
window(
    "organisations_organisation",
    Ops.READ_ORGANISATIONS,
    "organisation",
    {"import": Ops.EDIT_ORGANISATIONS},
    {"rename": Ops.EDIT_ORGANISATIONS},
)
window(
    "organisations_licence",
    Ops.READ_ORGANISATIONS,
    "licence",
    {},
    dict.fromkeys(("verify", "reject", "withdraw"), Ops.VERIFY_LICENCES),
)
window(
    "brands_brand",
    Ops.READ_BRANDS,
    "brand",
    dict.fromkeys(("open", "import"), Ops.EDIT_BRANDS),
    {
        **dict.fromkeys(("resume", "read-only", "suspend", "list", "host", "factor"), Ops.EDIT_BRANDS),
        **dict.fromkeys(("export", "delete"), Ops.DELETE_BRANDS),
    },
)
window("brands_domain", Ops.READ_BRANDS, "domain", {}, dict.fromkeys(("check", "remove"), Ops.EDIT_BRANDS))
window("brands_schemastate", Ops.READ_BRANDS, "schema_state", {}, {})
window(
    "brands_announcement",
    Ops.READ_ANNOUNCEMENTS,
    "announcement",
    {"publish": Ops.EDIT_ANNOUNCEMENTS},
    {"withdraw": Ops.EDIT_ANNOUNCEMENTS},
)
WITHOUT_DEEDS = ("events_event", "people_signin", "brands_schemastate")
"""Windows of which nothing can be done with a row."""
WITHOUT_LIST_DEEDS = (
    *WITHOUT_DEEDS,
    "jobs_job",
    "people_user",
    "people_factorreset",
    "organisations_licence",
    "brands_domain",
)
