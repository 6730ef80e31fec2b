"""Reports: the service requests of Open311 GeoReport v2."""

from gateway.service_requests.routes import router
from gateway.service_requests.sandbox import seed

__all__ = ["router", "seed"]
