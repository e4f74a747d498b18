"""Finding what modules expose: `router` in handlers, `schedule` in schedules. Importing registers nothing."""

import importlib
import pkgutil
from typing import Any


def collect(package: str, attribute: str) -> list[Any]:
    """Return the attribute of every module of a package, in order of names.

    Raises RuntimeError naming the module that lacks it.
    """
    found = []
    root = importlib.import_module(package)
    for info in sorted(pkgutil.iter_modules(root.__path__), key=lambda info: info.name):
        module = importlib.import_module(f"{package}.{info.name}")
        if not hasattr(module, attribute):
            raise RuntimeError(f"{package}.{info.name} exposes no `{attribute}`")
        found.append(getattr(module, attribute))
    return found
