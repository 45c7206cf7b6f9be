"""`hwcheck init`: the starting files of a course."""

import os

import click

from hwcheck.cli import Command
from hwcheck.cli.streams import emit

PLATFORMS = ["github", "gitlab", "classroom50", "gradescope"]  # of hwcheck.authoring.platforms


@click.command("init", cls=Command)
@click.argument("sheet", required=False)
@click.option("--ci", type=click.Choice(PLATFORMS), help="Also write what this platform needs to check answers.")
@click.option(
    "--course",
    metavar="OWNER/NAME",
    help="For github and gitlab: the repository of the course, which students can read and not write.",
)
@click.option("-o", "--folder", metavar="FOLDER", default="", help="Write into this folder. [default: this one]")
@click.option("--force", is_flag=True, help="Replace files that exist.")
def command(sheet: str | None, ci: str | None, course: str | None, folder: str, force: bool) -> None:
    """Write the starting files of a course.

    SHEET is a file or the name of a sheet that comes along; without it there is a first sheet to change. Its blank
    answers file comes with it.
    """
    from hwcheck import load_sheet
    from hwcheck.authoring.platforms import PLATFORMS as rows
    from hwcheck.authoring.starting import filled, first_sheet, is_course, is_plain, starting_files
    from hwcheck.files import write_result
    from hwcheck.text import safe_text

    needed = ci is not None and rows[ci].course
    if needed and not course:
        raise click.UsageError(f"--ci {ci} needs --course OWNER/NAME, the repository that the sheet is kept in.")
    if course and not needed:
        raise click.UsageError("--course is for --ci github and --ci gitlab.")
    if course and not is_course(course):
        raise click.UsageError(f"{safe_text(course, 60)!r} names no repository, such as university/course.")
    loaded = load_sheet(sheet) if sheet else first_sheet()
    if not is_plain(loaded):
        raise click.UsageError("students have to name the sheet: use letters, digits, `.`, `_` and `-` for its file.")
    files = [(os.path.join(folder, each.path), each) for each in starting_files(loaded, ci or "", course or "")]
    # The sheet itself may be one of them, where it stands in the folder already.
    files = [(path, each) for path, each in files if not same(path, loaded.source.name if sheet else "")]
    taken = [path for path, _ in files if os.path.lexists(path)]
    if taken and not force:
        own = os.path.join(folder, f"{loaded.name}.yaml")
        more = "" if sheet or not os.path.isfile(own) else f" To go on with that sheet, name it: hwcheck init {own}"
        there = "exists" if len(taken) == 1 else "exist"
        raise click.UsageError(safe_text(f"{', '.join(taken)} {there}; --force replaces what is there.{more}"))
    for path, each in files:
        os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
        write_result(path, each.content)
        if each.executable:
            os.chmod(path, 0o755)
    lines = [f"wrote {path}" for path, _ in files]
    if ci:
        lines.append(filled(rows[ci].then, {"@COURSE@": course or "", "@SHEET@": loaded.name}))
    emit(safe_text("\n".join(lines), keep_newlines=True))


def same(path: str, other: str) -> bool:
    """Tell whether two names are those of one file."""
    try:
        return os.path.samefile(path, other)
    except OSError:
        return False
