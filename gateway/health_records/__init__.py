"""Health records: FHIR R4, International Patient Summaries, kept word for word."""

from gateway.health_records.document_routes import router as document_router
from gateway.health_records.importing import import_health as import_health
from gateway.health_records.outcomes import outside_routes
from gateway.health_records.routes import router as router
from gateway.health_records.sandbox import seed as seed
from gateway.problems import answer_as

answer_as(outside_routes)

routers = (router, document_router)
