"""What of a report's photos everybody sees: nothing, before an officer of its agency has looked."""

from __future__ import annotations

import pytest

from tests.gateway.pictures import picture
from tests.gateway.service_requests.handling.city import (
    HAI,
    LIGHT,
    QUAN,
    City,
    as_officer,
    as_resident,
)
from tests.gateway.service_requests.reports import PATH

BOXED = {"cleared": True, "boxes": [[0.1, 0.1, 0.4, 0.4]]}


async def photographed(city: City) -> tuple[str, str]:
    """A report with one photo: both ids."""
    files = {"media": ("x.jpg", picture(800, 600), "image/jpeg")}
    sent = await city.client.post("/reports/photos", headers=as_resident(), files=files)
    media_id = str(sent.json()["media_id"])
    return await city.report(media_ids=media_id), media_id


async def test_a_photo_is_public_only_after_an_officer_cleared_it(city: City) -> None:
    """People on photos are shown to nobody before somebody looked; and it can be taken back."""
    found, media_id = await photographed(city)
    public, place = f"/media/{media_id}/public.jpg", f"/desk/media/{media_id}/public"
    assert (await city.client.get(public)).status_code == 404
    put = city.client.put
    assert (await put(place, headers=as_officer(), json=BOXED)).status_code == 204
    assert (await city.client.get(public)).headers["content-type"] == "image/jpeg"
    [seen] = (await city.client.get(PATH)).json()
    assert seen["media_url"].endswith(public)
    log = (await city.at_desk(found)).json()["extended_attributes"]["log"]
    assert "publish" in {entry["act"] for entry in log}
    hidden = await put(place, headers=as_officer(), json={"cleared": False})
    assert hidden.status_code == 204
    assert (await city.client.get(public)).status_code == 404


@pytest.mark.parametrize(("who", "status"), [(QUAN, 204), (HAI, 204), (LIGHT, 404), (None, 403)])
async def test_only_officers_of_its_agency_and_the_city_desk_decide(
    city: City, who: str | None, status: int
) -> None:
    """Another agency does not even learn that the photo exists."""
    _found, media_id = await photographed(city)
    headers = as_officer(who) if who else as_resident()
    answer = await city.client.put(
        f"/desk/media/{media_id}/public", headers=headers, json={"cleared": True}
    )
    assert answer.status_code == status
    read = await city.client.get(f"/media/{media_id}.jpg", headers=as_officer(LIGHT))
    assert read.status_code == 404


async def test_a_box_outside_the_picture_is_refused(city: City) -> None:
    """What cannot be hidden must not be thought hidden."""
    _found, media_id = await photographed(city)
    outside = {"cleared": True, "boxes": [[0.9, 0.9, 0.5, 0.5]]}
    place = f"/desk/media/{media_id}/public"
    assert (await city.client.put(place, headers=as_officer(), json=outside)).status_code == 422


async def test_a_photo_that_cannot_be_is_not_found(city: City) -> None:
    """PostgreSQL cannot even look for a zero byte."""
    for place in ("/desk/media/a%00/public", f"/desk/media/{'0' * 32}/public"):
        answer = await city.client.put(place, headers=as_officer(), json=BOXED)
        assert answer.status_code == 404
