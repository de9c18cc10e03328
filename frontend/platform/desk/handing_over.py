"""The page that invites a brand's first administrator; the link is shown once, to be passed on."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core.db.acts import brand_schema
from core.kernel.actor import Actor
from core.kernel.errors import DomainError, Missing
from core.kernel.operators import Ops
from core.web.deedforms import ReasonForm
from core.web.desk import site
from core.web.operators import sitting
from core.web.refusals import STATUS, words_of
from dms.dealers.models import Dealer
from tenants.access.handover import HandOver, hand_over
from tenants.brands.addresses import home_of
from tenants.brands.models import Brand

WORKING = (Brand.State.ACTIVE, Brand.State.READ_ONLY)


class AdministratorForm(ReasonForm):
    """Whom to invite."""

    account = forms.CharField(label=_("Mobile number or e-mail"), max_length=200)
    name = forms.CharField(label=_("Name"), max_length=60)
    field_order = ("account", "name", "reason")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def administrator(request: HttpRequest, brand_id: int) -> HttpResponse:
    """Invite; the answer shows the link."""
    actor = sitting(request)
    actor.require(Ops.EDIT_BRANDS)
    brand = Brand.objects.filter(pk=brand_id, state__in=WORKING).first()
    if brand is None:
        raise Missing
    form = AdministratorForm(request.POST) if request.method == "POST" else AdministratorForm()
    link, status = "", 200
    if form.is_bound and form.is_valid():
        try:
            link = _invited(actor, brand, **form.cleaned_data)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, words_of(error))
            status = STATUS[error.kind]
    elif form.is_bound:
        status = 422
    title = gettext("Invite the first administrator")
    back = reverse("admin:brands_brand_change", args=[brand.pk])
    crumbs = [(gettext("Brands"), reverse("admin:brands_brand_changelist")), (brand.name, back), (title, "")]
    context = {"title": title, "crumbs": crumbs, "form": form, "brand": brand, "link": link, "back_url": back}
    return render(request, "desk/administrator.html", {**site.each_context(request), **context}, status=status)


def _invited(actor: Actor, brand: Brand, *, account: str, name: str, reason: str) -> str:
    with brand_schema(brand.schema_name):
        root = Dealer.objects.filter(parent=None).order_by("pk").values_list("pk", "name").first()
    if root is None:
        raise Missing
    command = HandOver(
        schema_name=brand.schema_name,
        slug=brand.slug,
        account=account,
        name=name,
        dealer_id=root[0],
        dealer_name=root[1],
        reason=reason,
    )
    return f"{home_of(brand.schema_name)}{hand_over(actor=actor, command=command)}"
