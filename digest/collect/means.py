"""By what a source is read."""

from __future__ import annotations

from typing import NamedTuple

from digest.collect.children import Children
from digest.collect.harvest import Summarise
from digest.collect.http import Web


class Means(NamedTuple):
    """The network, child processes to parse in, and how a lead is found, where any is to be.

    `summarise` is a function of a module: a child process is told its name.
    """

    web: Web
    children: Children
    summarise: Summarise | None = None
