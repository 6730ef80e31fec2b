"""Who else may read a health record, and what residents add to one themselves.

The rules stand in docs/health-people.md.
"""

from gateway.health_people.routes import routers as routers
from gateway.health_people.seeding import seed as seed
from gateway.health_people.serving import background as background
