"""Problem documents (RFC 9457) and GeoReport's list of errors: codes and the reference, no text."""

from services.diagnostics.classification import Area, classes

PROBLEM = Area(
    "problems",
    (),
    classes(
        keep="type status code reference acr acr_values max_age purpose error errors.field errors.code retry_after",
        inside="errors",
        drop="title detail description errors.detail instance error_description missing child",
    ),
)
