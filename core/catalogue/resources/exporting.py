"""Products as a table that can be changed and imported again."""

from django.utils.translation import gettext

from core.catalogue.models import Sku
from core.catalogue.permissions import Permission
from core.catalogue.resources.products import FIELDS, column_labels
from core.catalogue.selectors import SkuFilters, filtered, skus_visible_to
from core.files.rules import Type
from core.files.services import keep_produced
from core.files.tables import Cell, csv_table, xlsx_table
from core.jobs.registry import RunningJob, job_kind
from core.kernel import clock
from core.kernel.actor import Actor

EXPORT_PRODUCTS = "catalogue.export_products"
_CHUNK = 2_000


@job_kind(EXPORT_PRODUCTS, permission=Permission.READ)
def export_products(job: RunningJob, actor: Actor) -> None:
    """Write the products the actor may see, narrowed by the parameters, to a file: ``format`` xlsx (default) or csv.

    Parameters are those of a list's address: ``q``, ``aroma``, ``line``, ``status``, one word or a list of them. The
    columns are those an import reads. Every export is kept as a job with its row count.
    """
    rows = filtered(skus_visible_to(actor), _filters(job))
    count = rows.count()
    job.expect(count)
    labels = list(column_labels().values())
    name = f"{gettext('products')}-{clock.business_day():%Y%m%d}"
    is_csv = job.parameters.get("format") == "csv"
    cells = (_cells(sku) for sku in rows.iterator(chunk_size=_CHUNK))
    content = csv_table(labels, cells) if is_csv else xlsx_table(labels, cells, title=gettext("products"))
    kept = keep_produced(
        name=f"{name}.{'csv' if is_csv else 'xlsx'}",
        content=content,
        content_type=Type.CSV if is_csv else Type.XLSX,
        dealer_id=actor.dealer_id,
        seat_id=actor.seat_id,
    )
    job.report(done=count)
    job.finish({"rows": count}, result_file_id=kept.pk)


def _cells(sku: Sku) -> list[Cell]:
    return [field.export(sku) for field in FIELDS.values()]


def _filters(job: RunningJob) -> SkuFilters:
    def words(name: str) -> tuple[str, ...]:
        said = job.parameters.get(name) or []
        return tuple(str(one) for one in (said if isinstance(said, list) else [said]))

    return SkuFilters(text=" ".join(words("q")), aromas=words("aroma"), lines=words("line"), statuses=words("status"))
