"""What the tags print, in Chinese and in English."""

from datetime import UTC, date, datetime

import pytest
from django import forms
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import timezone, translation

from core.kernel import clock
from core.kernel.errors import DomainError, Refusal
from frontend.ui import format as words
from frontend.ui.drawing import bottle_view
from frontend.ui.progress import states
from frontend.ui.samples import SampleDrawing
from frontend.ui.shapes import Chip, FiveStatuses, OrderFlow, Pager, PriceTrace, TraceStep, Way
from frontend.ui.vocabulary import known_terms, term
from frontend.ui.words import known_statuses, status_look, status_word
from tests.frontend.ui.markup import forbidden_in

ZH, EN = "zh-hans", "en"


def printed(source: str, language: str = ZH, **context: object) -> str:
    """The template text rendered in ``language`` and Shanghai's time, spaces folded."""
    with translation.override(language), timezone.override("Asia/Shanghai"):
        html = Template("{% load ui %}" + source).render(Context(context))
    assert forbidden_in(html) == []
    return " ".join(html.split())


@pytest.mark.parametrize(
    ("amount", "currency", "expected"),
    [
        (198000, "CNY", "¥1,980.00"),
        (30938782, "CNY", "¥309,387.82"),
        (0, "CNY", "¥0.00"),
        (5, "CNY", "¥0.05"),
        (-500000, "CNY", "−¥5,000.00"),
        (123456, "USD", "$1,234.56"),
        (9_000_000_000_000_000, "CNY", "¥90,000,000,000,000.00"),
        (1500, "JPY", "JP¥1,500"),
    ],
)
def test_money_is_printed_to_the_minor_unit(amount: int, currency: str, expected: str) -> None:
    assert words.money(amount, currency) == expected


def test_money_carries_its_unit_and_meaning() -> None:
    assert printed('{% money 198000 "CNY" unit="CASE" %}') == (
        '<span class="money">¥1,980.00<span class="money__unit">/箱</span></span>'
    )
    assert printed('{% money 33000 unit="BOTTLE" %}', EN) == (
        '<span class="money">¥330.00<span class="money__unit">/bottle</span></span>'
    )
    assert printed("{% money -500000 %}") == '<span class="money money--minus">−¥5,000.00</span>'
    assert printed('{% money 100 size="xl" was=True %}') == '<span class="money money--xl money--was">¥1.00</span>'
    assert printed("{% money 100 sign=True %}") == '<span class="money">+¥1.00</span>'
    assert printed("{% money nothing %}", nothing=None) == '<span class="money">—</span>'


@pytest.mark.parametrize(
    ("bottles", "per_case", "chinese", "english"),
    [
        (75, 6, "12 箱 + 3 瓶", "12 cases + 3 bottles"),
        (72, 6, "12 箱", "12 cases"),
        (6, 6, "1 箱", "1 case"),
        (7, 6, "1 箱 + 1 瓶", "1 case + 1 bottle"),
        (5, 6, "5 瓶", "5 bottles"),
        (0, 6, "0 箱", "0 cases"),
        (-75, 6, "−12 箱 − 3 瓶", "−12 cases − 3 bottles"),
        (72000, 6, "12,000 箱", "12,000 cases"),
        (5, 0, "5 瓶", "5 bottles"),
    ],
)
def test_quantities_read_in_cases_and_bottles(bottles: int, per_case: int, chinese: str, english: str) -> None:
    source = "{% quantity bottles per_case %}"
    assert printed(source, ZH, bottles=bottles, per_case=per_case) == f'<span class="qty">{chinese}</span>'
    assert printed(source, EN, bottles=bottles, per_case=per_case) == f'<span class="qty">{english}</span>'


@pytest.mark.parametrize(
    ("kind", "value", "chinese", "english", "tone"),
    [
        ("order", "APPROVING", "审批中", "In approval", "info"),
        ("order", "REJECTED", "已驳回", "Rejected", "bad"),
        ("payment", "FUNDED", "已付足", "Paid in full", "good"),
        ("fulfilment", "ALLOCATED", "已锁货", "Stock allocated", "info"),
        ("invoice", "ISSUED_PART", "部分开票", "Partly invoiced", "info"),
        ("settlement", "DISPUTED", "对账有异议", "Disputed", "bad"),
        ("shipment", "IN_TRANSIT", "在途", "On the road", "info"),
        ("dealer", "ACTIVE", "合作中", "Active", "good"),
        ("job", "DONE_WITH_ERRORS", "部分完成", "Partly done", "warn"),
    ],
)
def test_a_status_is_a_word_with_a_tone(kind: str, value: str, chinese: str, english: str, tone: str) -> None:
    source = "{% status_badge kind value %}"
    assert printed(source, ZH, kind=kind, value=value) == f'<span class="badge" data-tone="{tone}">{chinese}</span>'
    assert printed(source, EN, kind=kind, value=value) == f'<span class="badge" data-tone="{tone}">{english}</span>'


def test_every_status_and_term_has_chinese_words() -> None:
    with translation.override(ZH):
        spoken = [status_word(kind, value) for kind, values in known_statuses().items() for value in values]
        named = [term(kind, code) for kind, codes in known_terms().items() for code in codes]
    assert [word for word in spoken + named if word.isascii()] == []


def test_an_unknown_status_is_a_bug_that_names_itself() -> None:
    with pytest.raises(KeyError, match="no words for status 'LOST' of 'order'"):
        status_look("order", "LOST")


def test_an_unknown_code_of_a_term_reads_as_itself() -> None:
    assert term("channel", "NIGHT_MARKET") == "NIGHT_MARKET"


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        (("APPROVING", "FUNDED", "NONE", "NONE", "OPEN"), ("now", "done", "next", "next", "next")),
        (("APPROVED", "UNPAID", "NONE", "NONE", "OPEN"), ("done", "now", "next", "next", "next")),
        (("CONFIRMED", "FUNDED", "PART_SHIPPED", "ISSUED_PART", "OPEN"), ("done", "done", "now", "part", "next")),
        (("COMPLETED", "FUNDED", "RECEIVED", "ISSUED_FULL", "SETTLED"), ("done",) * 5),
        (("CANCELLED", "UNPAID", "NONE", "NONE", "OPEN"), ("bad", "next", "next", "next", "next")),
        (("CONFIRMED", "FUNDED", "RECEIVED", "ISSUED_FULL", "DISPUTED"), ("done", "done", "done", "done", "bad")),
    ],
)
def test_the_first_step_that_is_not_done_moves(statuses: tuple[str, ...], expected: tuple[str, ...]) -> None:
    assert states(FiveStatuses(*statuses)) == expected


def test_the_order_s_line_says_the_next_step_and_who_owes_it() -> None:
    flow = OrderFlow(
        FiveStatuses("CONFIRMED", "FUNDED", "PART_SHIPPED", "NONE", "OPEN"),
        notes={"fulfilment": "213 / 333 箱"},
        next_step="签收第 1 车",
        next_owner="贵司仓管",
        next_url="/orders/1/",
        next_label="去签收",
    )
    html = printed("{% order_flow flow %}", flow=flow)
    assert "下一步：签收第 1 车（贵司仓管）" in html
    assert html.count('data-state="done"') == 2
    assert 'data-state="now" aria-current="step"' in html
    assert "213 / 333 箱" in html
    assert "下一步" not in printed("{% order_flow flow with_next=False %}", flow=flow)


def test_the_short_line_speaks_to_screen_readers() -> None:
    html = printed("{% mini_flow s %}", s=FiveStatuses("APPROVING", "FUNDED", "NONE", "NONE", "OPEN"))
    assert 'aria-label="订单 审批中，付款 已付足，发货 未发货，发票 未开票，结算 未结算"' in html


def test_instants_stand_in_the_portal_s_time_zone() -> None:
    instant = datetime(2026, 1, 12, 16, 5, tzinfo=UTC)
    assert printed("{% dt at %}", at=instant) == '<time datetime="2026-01-13T00:05:00+08:00">2026-01-13 00:05</time>'
    assert printed("{% dt day %}", day=date(2026, 1, 12)) == '<time datetime="2026-01-12">2026-01-12</time>'
    assert printed("{% dt None %}") == '<span class="muted">—</span>'


def test_what_ends_at_midnight_ends_with_the_day_before() -> None:
    midnight = datetime(2026, 12, 1, 16, tzinfo=UTC)
    assert ">2026-12-01</time>" in printed("{% dt_end at %}", at=midnight)
    assert ">2026-12-02 00:01</time>" in printed("{% dt_end at %}", at=midnight.replace(minute=1))
    assert "—" in printed("{% dt_end at %}", at=None)


def test_relative_time_stands_beside_the_exact_one() -> None:
    with clock.at(datetime(2026, 1, 12, 9, 5, tzinfo=UTC)):
        html = printed("{% dt at relative=True %}", at=datetime(2026, 1, 12, 6, 5, tzinfo=UTC))
        assert "2026-01-12 14:05" in html
        assert "3 小时前" in html
        ahead = printed("{% dt at relative=True %}", EN, at=datetime(2026, 1, 12, 11, 5, tzinfo=UTC))
        assert "in 2 hours" in ahead


@pytest.mark.parametrize(
    ("free", "chinese", "tone"),
    [(640, "现货", ""), (20, "现货", ""), (7, "仅可订 7 箱", "warn"), (0, "缺货", "bad"), (None, "库存待询", "")],
)
def test_the_stock_word_follows_the_free_cases(free: int | None, chinese: str, tone: str) -> None:
    mark = f' data-tone="{tone}"' if tone else ""
    assert printed("{% stock_word free %}", free=free) == f'<span class="stock"{mark}>{chinese}</span>'


def test_the_stock_word_says_when_more_comes() -> None:
    html = printed("{% stock_word 0 arriving_on=day %}", day=date(2026, 1, 22))
    assert "缺货，01-22 到货" in html


def test_regions_are_named() -> None:
    assert printed('{% region_name "370100" %}') == "济南市"
    assert printed('{% region_name "370102" full=True %}') == "山东省济南市历下区"
    assert printed('{% region_name "" %}') == "—"
    assert printed('{% region_name "999999" %}') == "999999"


def test_a_stepper_names_its_product_and_keeps_its_limits() -> None:
    html = printed('{% stepper "line-3" 12 min=0 max=20 step=2 label="水晶剑" state="bad" %}')
    assert 'name="line-3"' in html
    assert 'data-max="20"' in html
    assert 'data-step="-2" aria-label="水晶剑 减少"' in html
    assert 'aria-label="水晶剑 箱数" aria-invalid="true"' in html
    assert 'data-state="bad"' in html


def test_a_stepper_may_switch_between_cases_and_bottles() -> None:
    html = printed('{% stepper "q" 3 unit="BOTTLE" per_case=6 label="陈酿" %}')
    assert 'data-per-case="6"' in html
    assert '<option value="BOTTLE" selected>瓶</option>' in html


def test_the_pager_keeps_the_rest_of_the_address() -> None:
    request = RequestFactory().get("/orders/", {"q": "泉鑫", "page": "3", "tier": ["CITY", "COUNTY"]})
    html = printed("{% pager page %}", page=Pager(3, 9, 214, 51, 75), request=request)
    assert "第 51–75 条，共 214 条" in html
    assert 'href="?q=%E6%B3%89%E9%91%AB&amp;tier=CITY&amp;tier=COUNTY&amp;page=4" rel="next"' in html
    assert 'aria-current="page">3</a>' in html


def test_filters_change_the_address_and_drop_the_page() -> None:
    request = RequestFactory().get("/", {"q": "x", "page": "4"})
    assert printed("{% query_with request sort='-total' q=None %}", request=request) == "?sort=-total"
    assert printed("{% query_with request page=2 %}", request=request) == "?q=x&amp;page=2"


def test_a_refusal_says_why_and_offers_ways_out() -> None:
    problem = DomainError("%(wanted)s > %(free)s", wanted=12, free=7)
    ways = [Way("改为 7 箱", "/cart/", "post", (("cases", "7"),)), Way("到货提醒", "/notify/")]
    html = printed("{% refusal problem ways %}", problem=problem, ways=ways, csrf_token="token")
    assert "12 &gt; 7" in html
    assert (
        '<input type="hidden" name="cases" value="7"><button class="btn btn--sm" type="submit">改为 7 箱</button>'
        in html
    )
    assert '<a class="btn btn--sm" href="/notify/" hx-boost="false">到货提醒</a>' in html


def test_every_fault_of_a_refusal_names_its_line() -> None:
    problem = Refusal([DomainError("a", line=3), DomainError("b", line=5)])
    html = printed("{% errors_of problem %}", problem=problem)
    assert "<li>第 3 行：a</li><li>第 5 行：b</li>" in html


def test_words_from_people_are_escaped() -> None:
    evil = "<script>alert(1)</script>"
    html = printed("{% badge x %}{% chips c %}{% notice 'bad' x %}{% avatar x %}", x=evil, c=[Chip(evil, "/")])
    assert "<script>" not in html


def test_a_price_explains_itself() -> None:
    trace = PriceTrace("水晶剑", [TraceStep("市级价", 19800000, "价盘 v11"), TraceStep("限时", -990000)], 18810000)
    html = printed("{% price_trace trace %}", trace=trace)
    assert "价盘 v11" in html
    assert "−¥9,900.00" in html
    assert '<span>本行应付</span><span class="money">¥188,100.00</span>' in html


class _Form(forms.Form):
    receiver = forms.CharField(label="收货人", help_text="司机会打这个人的电话")
    remark = forms.CharField(label="备注", required=False, widget=forms.Textarea)


def test_a_field_wires_label_hint_and_error() -> None:
    html = printed("{% field form.receiver %}{% field form.remark %}", form=_Form({}))
    assert '<label class="field__label" for="id_receiver">收货人</label>' in html
    assert 'aria-describedby="id_receiver_error id_receiver_hint"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="id_receiver_error"' in html
    assert 'id="id_receiver_hint">司机会打这个人的电话' in html
    assert '备注 <span class="muted">（选填）</span>' in html


def test_progress_counts_and_polls_until_it_is_done() -> None:
    html = printed('{% progress "导入" 412 640 failed=3 poll_url="/jobs/1/" %}')
    assert 'value="412" max="640"' in html
    assert 'hx-get="/jobs/1/" hx-trigger="every 2s"' in html
    assert "3 行没有导入" in html
    assert "hx-get" not in printed('{% progress "导入" 640 640 "DONE" %}')


def test_a_bottle_places_its_label_and_stands_whole_in_a_thumb() -> None:
    drawing = SampleDrawing("flask", "NX", ("水", "晶", "剑"), "52%vol")
    whole, thumb = bottle_view(drawing), bottle_view(drawing, "thumb")
    assert [glyph.y for glyph in whole.glyphs] == ["112.3", "128.0", "143.7"]
    assert (whole.aroma_class, whole.view, whole.abv_y) == ("nx", "0 0 120 197", 163)
    assert thumb.view == whole.view
    assert thumb.abv_y is None
    assert bottle_view(SampleDrawing("unheard-of", "jx", ("酒",), "")).shape == "cylinder"


def test_a_product_shows_its_picture_else_its_bottle() -> None:
    drawing = SampleDrawing("jar", "dx", ("国", "密"), "54%vol")
    assert 'href="#b-jar"' in printed("{% product_picture d size='thumb' %}", d=drawing)
    shown = printed("{% product_picture d '/f/7/' alt='国密' size='thumb' %}", d=drawing)
    assert '<img src="/f/7/160/" srcset="/f/7/160/ 160w, /f/7/320/ 320w, /f/7/640/ 640w, /f/7/1280/ 1280w"' in shown
    assert 'sizes="3rem" width="48" height="48" decoding="async" alt="国密" loading="lazy">' in shown
    card = printed("{% product_picture d '/f/7/' %}", d=drawing)
    assert '<img src="/f/7/320/"' in card
    assert printed("{% picture_at '/f/7/' %}") == "/f/7/1280/"


@pytest.mark.parametrize(("name", "letter"), [("李敏", "敏"), ("olga", "O"), ("", "?")])
def test_an_avatar_shows_the_letter_people_know(name: str, letter: str) -> None:
    assert printed("{% avatar name %}", name=name) == f'<span class="avatar" aria-hidden="true">{letter}</span>'


def test_amounts_go_back_into_inputs_without_separators() -> None:
    assert printed("{{ 198000|fen_input }} {{ 1300|percent_bp }} {{ 1250|percent_bp }}") == "1980.00 13% 12.5%"


def test_tiles_that_lead_somewhere_are_links() -> None:
    assert printed('{% tile "待审批" 14 url="/x/" %}').startswith('<a class="tile" href="/x/">')
