"""The brand's catalogue rules."""

from core.catalogue.models import CatalogueSettings
from core.catalogue.selectors import brand_rules
from core.catalogue.services import SaveSettings, save_settings
from core.events.models import Event
from core.kernel.actor import Actor
from tests.core.catalogue.goods import refused


def test_without_a_row_baijius_rules_hold(product_manager: Actor) -> None:
    rules = brand_rules()
    assert (rules.limits.abv_tenths_min, rules.limits.abv_tenths_max, rules.limits.bottles_per_case_max) == (
        100,
        800,
        24,
    )
    assert (rules.code_prefixes, rules.requires_sc_licence, rules.version) == ((), True, 0)


def test_there_is_one_row_and_every_change_is_recorded(product_manager: Actor) -> None:
    save_settings(actor=product_manager, command=SaveSettings(code_prefixes=("xh",)))
    save_settings(actor=product_manager, command=SaveSettings(code_prefixes=("xh", "FJ"), bottles_per_case_max=48))
    assert CatalogueSettings.objects.count() == 1
    assert brand_rules().code_prefixes == ("XH", "FJ")
    event = Event.objects.filter(kind="catalogue.settings_changed.v1").latest("aggregate_version")
    assert event.payload["changes"] == {
        "code_prefixes": {"from": "XH", "to": "XH FJ"},
        "bottles_per_case_max": {"from": 24, "to": 48},
    }


def test_impossible_limits_are_refused_by_field(product_manager: Actor) -> None:
    command = SaveSettings(code_prefixes=("X1",), abv_tenths_min=500, abv_tenths_max=400, bottles_per_case_max=0)
    assert refused(lambda: save_settings(actor=product_manager, command=command)) == [
        (None, "code_prefixes", "catalogue.prefix_format"),
        (None, "bottles_per_case_max", "catalogue.not_whole_number"),
        (None, "abv_tenths_max", "catalogue.not_whole_number"),
    ]


def test_only_who_may_change_settings_does(reader: Actor) -> None:
    assert refused(lambda: save_settings(actor=reader, command=SaveSettings())) == [(None, None, "actor.not_permitted")]
