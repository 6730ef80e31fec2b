"""What every route may ask for: the settings and the database of the application it runs in."""

from __future__ import annotations

from typing import Annotated, cast

from fastapi import Depends, Request

from gateway.database import Database
from gateway.settings import Settings


def settings_of(request: Request) -> Settings:
    """The settings the application was created with."""
    return cast(Settings, request.app.state.settings)


def database_of(request: Request) -> Database:
    """The database the application was created with."""
    return cast(Database, request.app.state.database)


CurrentSettings = Annotated[Settings, Depends(settings_of)]
CurrentDatabase = Annotated[Database, Depends(database_of)]
