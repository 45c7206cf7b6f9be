"""The house rules that imports can break: downward only, each library at home, nothing heavy too early."""

import ast
import builtins
import importlib.util
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import hwcheck
from hwcheck.cli import COMMANDS

ROOT = Path(__file__).parent.parent
LAYERS = (  # from the top; parts of one layer don't import each other
    ("__main__",),
    ("cli",),
    ("render",),
    ("grading", "authoring"),
    ("marking",),
    ("sheet",),
    ("library",),
    ("graph",),
    ("formula",),
    ("yamltree",),
    ("files",),
    ("diagnostics",),
    ("text",),
    ("record", "remember"),
    ("__init__",),  # its verbs count as the module that holds them
)
DEPTH = {part: depth for depth, layer in enumerate(LAYERS) for part in layer}
HOMES = {"numpy": {"graph", "marking"}, "rich": {"render"}, "click": {"cli"}, "yaml": {"yamltree"}}
MODULES = sorted(path.relative_to(ROOT) for path in (ROOT / "hwcheck").rglob("*.py"))


def part(module: str) -> str:
    """Name the part of the house that `hwcheck.PART...` stands in."""
    names = module.split(".")
    return names[1] if len(names) > 1 else "__init__"


@cache
def nodes(source: str) -> list[ast.AST]:
    """Give all that a source is made of."""
    return [*ast.walk(ast.parse(source))]


def imports(path: Path) -> Iterator[str]:
    """Yield the full name of every module a file imports, wherever in the file."""
    module = ".".join(path.with_suffix("").parts).removesuffix(".__init__")
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    for node in nodes((ROOT / path).read_text(encoding="utf-8")):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            source = importlib.util.resolve_name("." * node.level + (node.module or ""), package)
            if source != "hwcheck":
                yield source
                continue
            for alias in node.names:  # a verb, a part, or a plain name such as __version__
                known = {name: f"hwcheck.{name}" for name in DEPTH} | hwcheck.VERBS
                yield known.get(alias.name, "hwcheck")


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_every_module_has_a_layer_and_imports_downward_only(path: Path) -> None:
    own = part(".".join(path.with_suffix("").parts).removesuffix(".__init__"))
    assert own in DEPTH, f"{path} stands in no layer"
    if own == "__init__":
        return  # what it names, it loads when used: see the test of what `import hwcheck` loads
    for name in imports(path):
        if name.split(".")[0] == "hwcheck":
            other = part(name)
            assert other in DEPTH, f"{path} imports {name}, which stands in no layer"
            assert other == own or DEPTH[other] > DEPTH[own], f"{path} imports {name}, which is not below it"


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_no_module_hides_a_builtin(path: Path) -> None:
    assert path.stem not in vars(builtins), f"once loaded, {path} stands for {path.stem} in its package"


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_every_library_has_its_home(path: Path) -> None:
    own = part(".".join(path.with_suffix("").parts).removesuffix(".__init__"))
    for name in imports(path):
        homes = HOMES.get(name.split(".")[0])
        assert homes is None or own in homes, f"{path} imports {name}; only {', '.join(homes)} may"


@pytest.mark.parametrize("path", [path for path in MODULES if path.name != "record.py"], ids=str)
def test_every_record_is_of_the_kind_that_is_quick_to_define(path: Path) -> None:
    for node in nodes((ROOT / path).read_text(encoding="utf-8")):
        if isinstance(node, ast.ImportFrom) and node.module == "typing":
            assert "NamedTuple" not in [alias.name for alias in node.names], f"{path}: take that of hwcheck.record"


def test_the_rules_notice_what_they_forbid(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "hwcheck").mkdir()
    monkeypatch.setattr(sys.modules[__name__], "ROOT", tmp_path)
    path = Path("hwcheck/files.py")
    for line, found in (
        ("import numpy.linalg", "numpy.linalg"),
        ("def f():\n    from hwcheck import solve", "hwcheck.sheet"),
        ("from hwcheck import cli", "hwcheck.cli"),
        ("from . import render", "hwcheck.render"),
        ("from .cli import main", "hwcheck.cli"),
        ("from hwcheck import __version__", "hwcheck"),
    ):
        (tmp_path / path).write_text(line, encoding="utf-8")
        assert list(imports(path)) == [found]
    for wrong in ("from hwcheck import solve", "from .cli import main"):
        (tmp_path / path).write_text(wrong, encoding="utf-8")
        with pytest.raises(AssertionError, match="not below it"):
            test_every_module_has_a_layer_and_imports_downward_only(path)
    (tmp_path / path).write_text("import yaml", encoding="utf-8")
    with pytest.raises(AssertionError, match="only yamltree may"):
        test_every_library_has_its_home(path)


def loaded(code: str, *arguments: str) -> set[str]:
    """Run Python code in a process of its own; return the names of all modules that it loaded."""
    show = "import sys; print(*sys.modules, sep='\\n', file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\n{show}", *arguments], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return set(done.stderr.splitlines())


def after(*arguments: str) -> set[str]:
    """Return the modules loaded once a command line has run to its end, with its results going to a pipe."""
    return loaded("import sys; from hwcheck.cli import main; main(sys.argv[1:])", *arguments)


def test_importing_the_package_loads_nothing_else() -> None:
    bare = loaded("pass")
    assert loaded("import hwcheck") - bare == {"hwcheck"}


@pytest.mark.parametrize("option", ["--help", "--version"])
def test_help_and_version_load_only_the_shell(option: str) -> None:
    modules = after(option)
    assert not modules & {"numpy", "rich", "yaml", "importlib.metadata", "dataclasses", "json"}
    assert {name for name in modules if name.startswith("hwcheck")} == {
        *("hwcheck", "hwcheck.cli", "hwcheck.cli.streams", "hwcheck.record")
    }


@pytest.mark.parametrize("command", COMMANDS)
def test_a_commands_help_loads_no_library_but_click(command: str) -> None:
    modules = after(command, "--help")
    assert COMMANDS[command].module in modules
    assert not modules & {"numpy", "rich", "yaml"}


@pytest.mark.parametrize("format", ["plain", "json", "markdown"])
def test_a_run_without_a_terminal_loads_no_rich(format: str, tmp_path: Path) -> None:
    answers = "problems/sheet5/sheet5.answers.yaml"
    runs = (["solve", "sheet5"], ["verify", answers], ["grade", "sheet5", answers, "-o", str(tmp_path)])
    code = "from hwcheck.cli import main\nfor each in " + repr([[*run, "--format", format] for run in runs])
    modules = loaded(f"{code}:\n    main(each)")
    assert {"numpy", *(COMMANDS[run[0]].module for run in runs)} <= modules  # they did run
    assert "rich" not in modules


LAYERED = """\
hwcheck: 1
problems:
  p:
    given: {x: [1, -2], W: [[0.5, 1]], y: 1}
    network: {input: x, layers: [%s], loss: {squared_error: {target: y}}}
    questions: {q: dL/dW}
"""


@pytest.mark.parametrize(
    ("sheet", "parts"),
    [
        ((ROOT / "problems/examples/two-two-two.yaml").read_text(encoding="utf-8"), set()),
        (LAYERED % "{dense: {weights: W}}", {"row", "dense"}),
        (LAYERED % "flatten, {dense: {weights: W}}", {"row", "dense", "passing"}),
        (LAYERED % "layer_norm, {dense: {weights: W}}", {"row", "dense", "images", "norms"}),
    ],
    ids=["text", "dense", "flatten", "norm"],
)
def test_a_sheet_loads_those_layers_that_it_has(sheet: str, parts: set[str], tmp_path: Path) -> None:
    (tmp_path / "some.yaml").write_text(sheet, encoding="utf-8")
    modules = after("solve", str(tmp_path / "some.yaml"), "--format", "json")
    home = "hwcheck.library.layers."
    assert {name.removeprefix(home) for name in modules if name.startswith(home)} == parts
    assert ("hwcheck.sheet.layering" in modules) == bool(parts)
