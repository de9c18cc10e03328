"""What a demo brand tells its dealers: one thing for all, one to be receipted by a tier, one draft."""

from datetime import datetime, timedelta

from core.kernel import clock
from core.project.demo.world import World
from dms.notices import services
from dms.notices.services import WriteNotice

HOLIDAY = WriteNotice(
    title="节日期间发货安排",
    title_en="Deliveries over the holidays",
    body="节前最后一班车发出后，仓库休息五天。\n节前需要的货，请提前三天下单并完成打款，过后恢复当日发货。",
    body_en=(
        "After the last truck before the holidays the warehouses rest for five days.\n"
        "For goods needed before, please order and pay three days ahead; afterwards we ship the same day again."
    ),
    tone="WARN",
)
CONDUCT = WriteNotice(
    title="关于严守授权区域的通知",
    title_en="Keep to the ground you hold",
    body="近期市场巡查发现个别跨区域供货。\n请各级经销商只在授权区域和渠道内销售，产品凭箱码、瓶码追溯。请阅读后确认。",
    body_en=(
        "Inspections have found goods sold outside the ground they were meant for.\n"
        "Please sell in the regions and channels you hold; cases and bottles are traced by their codes."
    ),
    tiers=("PROVINCIAL", "CITY", "COUNTY"),
    needs_receipt=True,
)
DRAFT = WriteNotice(
    title="秋季订货会邀请",
    title_en="Invitation to the autumn fair",
    body="时间、地点待定。",
    tone="GOOD",
)


def put_up(world: World, now: datetime) -> None:
    """Published some days ago; every third house has read both."""
    writer = world.staff["brand_admin"]
    ids = []
    with clock.at(now - timedelta(days=6)):
        for content in (HOLIDAY, CONDUCT):
            row = services.write_notice(actor=writer, command=content)
            ids.append(services.publish_notice(actor=writer, notice_id=row.pk, version=row.version).pk)
        services.write_notice(actor=writer, command=DRAFT)
    with clock.at(now - timedelta(days=4)):
        for code in sorted(world.buyers)[::3]:
            services.read_notices(actor=world.buyers[code])
