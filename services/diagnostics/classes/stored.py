"""The device's own store, table by table: what a replay needs of it.

Saved copies (`saved`) are answers and are classified as those. Every other table is left out:
card keys, links and photos open something, and receipts are only looked at.
"""

from services.diagnostics.classification import Area, classes

STORED: dict[str, Area] = {
    "drafts": Area(
        "drafts",
        (),
        classes(
            keep="service_code service_name ward_code urgency hide_name place_from accuracy width height",
            reference="draft_id",
            words="description attributes",
            address="address",
            degrees="lat long place",
            picture="jpeg",
            inside="photos",
        ),
    ),
}
