"""The device's own store, table by table: what a replay needs of it."""

from services.diagnostics.classification import Area, classes

STORED: dict[str, Area] = {
    "drafts": Area("drafts", (), classes()),
}
