"""Pictures, shelf and duplicates by their pages."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from core.catalogue import services
from core.catalogue.models import Producer, Sku, SkuPicture, ToldApart
from core.catalogue.selectors.twins import suspected
from core.catalogue.services import ArrangePictures, ChangeShelfState
from core.events.models import Event
from core.files.models import StoredFile
from core.kernel.errors import DomainError, Missing, NotPermitted
from tests.cast import Cast
from tests.clients import HostClient
from tests.factories.goods import SkuFacts, make_sku
from tests.frontend.console.test_budgets import barcode
from tests.ordering.watching import statements


def picture(colour: str = "#234f8e", size: tuple[int, int] = (400, 600), name: str = "a.jpg") -> SimpleUploadedFile:
    """An upload."""
    kept = BytesIO()
    Image.new("RGB", size, colour).save(kept, format="JPEG")
    return SimpleUploadedFile(name, kept.getvalue())


def added(cast: Cast, *colours: str) -> list[int]:
    """Pictures of SKU 1."""
    code = cast.skus[1].code
    uploads = [picture(colour) for colour in colours]
    return [services.add_picture(actor=cast.product, sku_code=code, upload=one, name="a.jpg").pk for one in uploads]


def order_of(cast: Cast) -> list[int]:
    """As they stand."""
    return list(SkuPicture.objects.filter(sku=cast.skus[1]).order_by("position").values_list("pk", flat=True))


def test_pictures_go_up_together_and_the_first_is_the_face(cast: Cast, desk: HostClient) -> None:
    code = cast.skus[1].code
    path = f"/console/products/code/{code}/pictures/"
    answer = desk.post(path, {"picture": [picture("#111111", (3000, 2000)), picture("#eeeeee")]})
    assert (answer.status_code, answer["Location"]) == (302, f"/console/products/code/{code}/#pictures")
    first, second = SkuPicture.objects.order_by("position")
    sku = Sku.objects.get(code=code)
    assert (sku.picture_file_id, sku.version) == (first.file_id, 3)
    kept = StoredFile.objects.order_by("pk").values_list("source", "visibility").distinct()
    assert set(kept) == {(None, "PRIVATE"), (first.file_id, "PORTAL"), (second.file_id, "PORTAL")}
    shop = cast.client(cast.buyer_c1)
    assert shop.get(f"/files/{first.file_id}/").status_code == 404
    for who, path, size in ((shop, "1280/", (1280, 854)), (shop, "160/", (160, 107)), (desk, "", (1600, 1067))):
        file = b"".join(who.get(f"/files/{first.file_id}/{path}").streaming_content)  # type: ignore[attr-defined]  # in pieces
        assert Image.open(BytesIO(file)).size == size
    page = shop.get(f"/products/{code}/").content.decode()
    assert str(first.file_id) in page
    assert str(second.file_id) in page


def test_the_same_picture_again_is_one(cast: Cast) -> None:
    first, again = added(cast, "#111111", "#111111")
    assert first == again
    assert (SkuPicture.objects.count(), StoredFile.objects.filter(source=None).count()) == (1, 1)


def test_a_picture_sent_by_the_page_is_answered_beside_the_field(cast: Cast, desk: HostClient) -> None:
    path = f"/console/products/code/{cast.skus[1].code}/pictures/"
    by_page = {"HX-Request": "true"}
    first = desk.post(path, {"picture": [picture("#111111", name="正.jpg")]}, headers=by_page).content.decode()
    assert first.startswith("<section")
    assert (first.count("data-picture"), first.count("data-fault"), "已上传 1 张图片" in first) == (1, 0, True)
    again = desk.post(path, {"picture": [picture("#111111", name="正.jpg")]}, headers=by_page).content.decode()
    assert "正.jpg：这张图片已经有了" in again
    assert ("已上传 1" in again, again.count("data-fault"), again.count("data-picture")) == (False, 1, 1)
    both = desk.post(path, {"picture": [picture("#222222"), picture(size=(20, 20))]}, headers=by_page).content.decode()
    assert ("已上传 1 张图片" in both, "20 × 20" in both, both.count("data-fault")) == (True, True, 1)


def test_order_words_and_taking_away_by_buttons(cast: Cast, desk: HostClient) -> None:
    one, two, three = added(cast, "#111111", "#555555", "#999999")
    path = f"/console/products/code/{cast.skus[1].code}/pictures/"
    said = {"act": "arrange", "known": [one, two, three], f"alt_{one}": "正面"}
    desk.post(path, {**said, "up": str(three)})
    assert order_of(cast) == [one, three, two]
    desk.post(path, {**said, f"place_{two}": "1", f"place_{one}": "2", f"place_{three}": "3"})
    assert order_of(cast) == [two, one, three]
    desk.post(path, {**said, f"place_{two}": "1", f"place_{one}": "2", f"place_{three}": "3", "remove": str(two)})
    assert order_of(cast) == [one, three]
    assert SkuPicture.objects.get(pk=one).alt == "正面"
    cast.skus[1].refresh_from_db()
    assert cast.skus[1].picture_file_id == SkuPicture.objects.get(pk=one).file_id
    version = cast.skus[1].version
    services.arrange_pictures(
        actor=cast.product, command=ArrangePictures(cast.skus[1].code, (one, three), (one, three))
    )
    cast.skus[1].refresh_from_db()
    assert cast.skus[1].version == version
    with pytest.raises(DomainError) as caught:
        services.arrange_pictures(
            actor=cast.product, command=ArrangePictures(cast.skus[1].code, (three,), (two, three))
        )
    assert caught.value.code == "catalogue.pictures_changed"


@pytest.mark.parametrize(
    ("upload", "words"),
    [
        (SimpleUploadedFile("a.jpg", b"<script>alert(1)</script>"), "jpg"),
        (SimpleUploadedFile("big.jpg", b"\xff\xd8\xff\xe0" + b"x" * (21 * 1024 * 1024)), "20 MB"),
        (picture(size=(100, 100)), "100 × 100"),
        (picture(name="a.xlsx"), "xlsx"),
    ],
)
def test_a_bad_picture_is_refused_with_a_word(
    cast: Cast, desk: HostClient, upload: SimpleUploadedFile, words: str
) -> None:
    upload.seek(0)
    path = f"/console/products/code/{cast.skus[1].code}/pictures/"
    answer = desk.post(path, {"picture": [upload]}, follow=True)
    assert words in answer.content.decode()
    assert not SkuPicture.objects.exists()
    assert not StoredFile.objects.exists()


def test_a_picture_of_40_mb_is_refused_and_nothing_kept(cast: Cast, desk: HostClient) -> None:
    upload = SimpleUploadedFile("huge.jpg", b"\xff\xd8\xff\xe0" + b"x" * (40 * 1024 * 1024))
    answer = desk.post(f"/console/products/code/{cast.skus[1].code}/pictures/", {"picture": [upload]}, follow=True)
    assert answer.status_code == 413
    assert "20 MB" in answer.content.decode()
    assert not StoredFile.objects.exists()


def test_a_product_keeps_twelve_pictures(cast: Cast) -> None:
    added(cast, *(f"#{20 * n:02x}0000" for n in range(12)))
    with pytest.raises(DomainError) as caught:
        added(cast, "#00ff00")
    assert caught.value.code == "catalogue.too_many_pictures"
    assert StoredFile.objects.filter(source=None).count() == 12
    assert StoredFile.objects.count() == 12 * 5


def test_the_shelf_moves_those_it_may_and_tells_of_each(cast: Cast, desk: HostClient) -> None:
    good, bad = cast.skus[1], cast.skus[6]
    Producer.objects.update(sc_no="")
    codes = [good.code, bad.code, "XH-NO-SUCH"]
    answer = desk.post("/console/products/", {"sku": [bad.code, "XH-NO-SUCH"], "to": "ON"})
    assert answer.status_code == 422
    told = services.change_each_shelf_state(actor=cast.product, command=ChangeShelfState(tuple(codes), "OFF"))
    assert [(one.sku_code, one.fault.code if one.fault else "") for one in told][2][1] == "catalogue.sku_unknown"
    assert Sku.objects.get(pk=good.pk).status == "OFF"
    kinds = Event.objects.filter(kind="catalogue.shelf_state_changed.v1")
    assert list(kinds.values_list("aggregate_id", flat=True)) == [good.code]
    again = services.change_each_shelf_state(actor=cast.product, command=ChangeShelfState((good.code,), "OFF"))
    assert again[0].fault is None
    assert kinds.count() == 1


def twins(cast: Cast) -> tuple[Sku, Sku]:
    """The same product under two codes."""
    facts = cast.skus[1]
    again = make_sku(SkuFacts("XH-QX-530-0500-Y20-06-B", facts.name, 6, barcode(900), 0))
    return facts, again


def test_a_duplicate_is_shown_told_apart_and_not_shown_again(cast: Cast, desk: HostClient) -> None:
    one, two = twins(cast)
    page = desk.get("/console/products/duplicates/").content.decode()
    assert one.code in page
    assert two.code in page
    for _again in range(2):
        desk.post("/console/products/duplicates/settle/", {"sku": [one.code, two.code]})
    assert ToldApart.objects.count() == 1
    assert all({found.first, found.second} != {one.pk, two.pk} for found in suspected(cast.product))


def test_one_of_two_may_be_discontinued_from_there(cast: Cast, desk: HostClient) -> None:
    _one, two = twins(cast)
    desk.post("/console/products/duplicates/settle/", {"discontinue": two.code, "query": "?reason=same_facts"})
    two.refresh_from_db()
    assert two.status == "DISCONTINUED"
    assert all(two.pk not in (found.first, found.second) for found in suspected(cast.product))


@pytest.mark.parametrize("who", ["sales_admin", "auditor", "buyer_c1"])
def test_others_change_no_pictures_and_judge_no_twins(cast: Cast, who: str) -> None:
    stranger = cast.actor(who)
    one, two = twins(cast)
    with pytest.raises(NotPermitted):
        services.add_picture(actor=stranger, sku_code=one.code, upload=picture(), name="a.jpg")
    with pytest.raises(NotPermitted):
        services.tell_apart(actor=stranger, codes=(one.code, two.code))
    with pytest.raises(NotPermitted):
        suspected(stranger)


def test_a_limited_seat_reaches_its_own_lines_alone(cast: Cast) -> None:
    cast.seat_limited()
    cast.light()
    one, two = twins(cast)
    with pytest.raises(Missing):
        services.add_picture(actor=cast.product_light, sku_code=one.code, upload=picture(), name="a.jpg")
    with pytest.raises(Missing):
        services.tell_apart(actor=cast.product_light, codes=(one.code, two.code))
    assert not suspected(cast.product_light)


def test_the_page_of_duplicates_costs_the_same_for_many(cast: Cast, desk: HostClient) -> None:
    def cost() -> int:
        desk.get("/console/products/duplicates/")
        with statements() as seen:
            assert desk.get("/console/products/duplicates/").status_code == 200
        return len(seen)

    twins(cast)
    few = cost()
    for number in range(20):
        make_sku(SkuFacts(f"XH-QX-530-05{number:02d}-NV-06", cast.skus[1].name, 6, barcode(number), 0))
    assert cost() == few


def test_more_than_are_taken_at_once_are_told_of(cast: Cast, desk: HostClient) -> None:
    codes = [cast.skus[1].code, *(f"XH-NO-{number}" for number in range(200))]
    text = desk.post("/console/products/", {"sku": codes, "to": "OFF"}).content.decode()
    assert "一次最多处理 200 个商品" in text
    assert Sku.objects.get(pk=cast.skus[1].pk).status == "OFF"
