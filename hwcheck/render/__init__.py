"""Solutions and reports as text, a module for each format.

A module is loaded when it is used, so that JSON waits for no layout, and nothing but a coloured table for Rich.
"""

HOMES = {
    "solution_table": "solution",
    "solution_text": "solution",
    "solution_json": "data",
    "solution_markdown": "markdown",
    "report_table": "report",
    "report_text": "report",
    "report_json": "data",
    "report_markdown": "markdownreport",
}


def __getattr__(name: str) -> object:
    if name not in HOMES:
        raise AttributeError(f"module 'hwcheck.render' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{HOMES[name]}"), name)
