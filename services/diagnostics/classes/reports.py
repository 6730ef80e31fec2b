"""Reports: GeoReport v2 (Open311), its extension, and the officers' desk."""

from services.diagnostics.classification import Area, classes

_ASKED = """
    ?service_code ?status ?start_date ?end_date ?page ?page_size ?jurisdiction_id ?extensions
    ?radius ?lang ?size ?wait ?since ?urgency ?ward ?assigned ?overdue ?sort ?limit
"""

_REQUEST = classes(
    keep="""
        status service_name service_code agency_responsible service_notice requested_datetime
        updated_datetime expected_datetime address_id zipcode distance_m age_days .agency
        status_code urgency hide_name working_days revision mine following followers acts
        paused_since escalation datetime stage kind cleared
        act actor_role reason_code .kind .read .unread .cursor rating.value .rating
        presence.seen others.seen log.datetime log.agency log.act jurisdiction_id .agency_code .size
        attribute[urgency] attribute[hide_name] service_codes .[]
    """
    + _ASKED,
    whole="reason agency ward handed_to act_until boxes",
    inside="extended_attributes media assigned reporter log presence rating others overdue",
    reference="""
        service_request_id service_request_ids media_id media_ids update_id merged_into split_from
        split_into subject_key notice_id notice_ids application_id support_code token account_id device_id into
        ?service_request_id ?token ?media_id ?after
    """,
    link="updates_url extension_url public_url media_url url thumbnail_url",
    words="description descriptions status_notes question attributes attribute comment log.detail overdue.reason ?q",
    name="first_name last_name assigned.name reporter.name log.name presence.name others.name actor",
    phone="phone",
    email="email",
    address="address address_string",
    degrees="lat long ?lat ?long",
    opaque="api_key ?api_key",
    drop="hoax reporter.submitter log.before log.after .photo .photos .media",
)

REQUESTS = Area(
    "requests",
    (
        "/open311/v2/requests.json",
        "/open311/v2/requests.xml",
        "/open311/v2/requests/{service_request_id}.json",
        "/open311/v2/requests/{service_request_id}.xml",
        "/open311/v2/tokens/{token}.json",
        "/open311/v2/tokens/{token}.xml",
        "/reports/nearby",
        "/reports/similar",
        "/reports/photos",
        "/reports/mine",
        "/reports/followed",
        "/reports/changes",
        "/reports/inbox",
        "/reports/inbox/read",
        "/reports/public/{service_request_id}",
        "/reports/{service_request_id}",
        "/reports/{service_request_id}/follow",
        "/reports/{service_request_id}/updates",
        "/reports/{service_request_id}/answer",
        "/reports/{service_request_id}/withdraw",
        "/reports/{service_request_id}/reopen",
        "/reports/{service_request_id}/rate",
        "/reports/{service_request_id}/correct",
        "/media/{media_id}",
        "/media/{media_id}/public.jpg",
        "/desk/media/{media_id}/public",
        "/desk/queue",
        "/desk/{service_request_id}",
        "/desk/{service_request_id}/updates",
        "/desk/{service_request_id}/presence",
        "/desk/{service_request_id}/accept",
        "/desk/{service_request_id}/ask",
        "/desk/{service_request_id}/transfer",
        "/desk/{service_request_id}/merge",
        "/desk/{service_request_id}/done",
        "/desk/{service_request_id}/reject",
        "/desk/{service_request_id}/assign",
        "/desk/{service_request_id}/note",
        "/desk/{service_request_id}/hoax",
        "/desk/{service_request_id}/split",
    ),
    _REQUEST,
)

SERVICES = Area(
    "services",
    (
        "/open311/v2/discovery.json",
        "/open311/v2/discovery.xml",
        "/open311/v2/services.json",
        "/open311/v2/services.xml",
        "/open311/v2/services/{service_code}.json",
        "/open311/v2/services/{service_code}.xml",
    ),
    classes(
        keep="""
            service_code service_name description metadata type keywords group
             changeset contact key_service ?jurisdiction_id ?service_code
        """,
        whole="extended_attributes attributes endpoints",
    ),
)

DESK = Area(
    "desk",
    ("/desk",),
    classes(
        keep=" ",
        whole="agency agencies reasons",
        inside="colleagues",
        reference="colleagues.subject_key",
        name="colleagues.name",
    ),
)
