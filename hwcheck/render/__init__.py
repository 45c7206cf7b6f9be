"""Solutions and reports as text, a module for each format.

A module is loaded when it is used, so that JSON waits for no layout, and nothing but a coloured table for Rich.
"""

HOMES = {
    "graph_text": "graphtext",
    "graph_mermaid": "graphcode",
    "graph_dot": "graphcode",
    "graph_svg": "graphsvg",
    "solution_table": "solution",
    "solution_text": "solution",
    "solution_json": "data",
    "solution_markdown": "markdown",
    "solution_latex": "latexsolution",
    "solution_html": "htmlsolution",
    "report_table": "report",
    "report_text": "report",
    "report_json": "data",
    "report_markdown": "markdownreport",
    "report_latex": "latexreport",
    "report_html": "htmlreport",
    "report_junit": "junit",
    "report_github": "github",
    "report_gradescope": "gradescope",
    "report_classroom50": "classroom50",
    "report_csv": "csvreport",
    "report_jsonl": "data",
}


def __getattr__(name: str) -> object:
    if name not in HOMES:
        raise AttributeError(f"module 'hwcheck.render' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{HOMES[name]}"), name)
