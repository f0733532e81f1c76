"""What all tables of the configuration have in common."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Table(BaseModel):
    """A table of the file: an unknown key is refused, and nothing is changed once it is read."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)
