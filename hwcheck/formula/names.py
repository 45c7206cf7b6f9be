"""Names of quantities: one name in many spellings, and the parts of a name.

`w₁`, `w_1` and `w1` are one name, and `ŷ` is `yhat`: `key` gives the spelling under which a name is looked up. A
quantity's name has up to three parts: what it is (`J`), what it is differentiated by (`dJ/dW1`), and the step it
belongs to (`W1@2`, `W1_new`).

    >>> key("ŵ₁"), split("dJ/dW1@2"), join(Parts("J", "W1", "2"))
    ('what1', Parts(of='J', by='W1', step='2'), 'dJ/dW1@2')
    >>> split("dJ/dh@3[2]"), join(Parts("J", "h[2]", "3"))
    (Parts(of='J', by='h[2]', step='3'), 'dJ/dh@3[2]')
"""

from functools import lru_cache
from typing import Literal

from ..record import NamedTuple

MARKS = {"\u0302": "hat", "\u0304": "bar", "\u0305": "bar", "\u0303": "tilde", "\u0307": "dot"}

GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ϵ": "epsilon", "ζ": "zeta", "η": "eta",
    "θ": "theta", "ι": "iota", "κ": "kappa",
    "λ": "lambda", "μ": "mu", "µ": "mu", "ν": "nu", "ξ": "xi", "ρ": "rho", "σ": "sigma", "τ": "tau", "φ": "phi",
    "ϕ": "phi", "χ": "chi", "ψ": "psi",
    "ω": "omega", "π": "pi", "Γ": "Gamma", "Δ": "Delta", "Θ": "Theta", "Λ": "Lambda", "Ξ": "Xi", "Π": "Pi",
    "Σ": "Sigma", "Φ": "Phi", "Ψ": "Psi", "Ω": "Omega",
}  # fmt: skip
LATIN = {word: letter for letter, word in GREEK.items() if letter not in "ϵµϕ"}

SUBSCRIPTS = dict(zip("₀₁₂₃₄₅₆₇₈₉", "0123456789", strict=True))
LETTERS_BELOW = dict(zip("ᵢⱼₖₗₘₙₜₓ", "ijklmntx", strict=True))
LONGEST_WITH_SUBSCRIPT = 40


@lru_cache(maxsize=4096)
def key(name: str) -> str:
    """Give the one spelling under which a name is looked up."""
    if name.isascii() and "_" not in name:
        return name
    out: list[str] = []
    for char in name if name.isascii() else _normal("NFD", letters_below(name)):
        char = SUBSCRIPTS.get(char) or MARKS.get(char) or GREEK.get(char) or char
        if char[0].isdigit():
            while out and out[-1] == "_":
                out.pop()
        out.append(char)
    spelled = "".join(out)
    return spelled if spelled.isascii() else _normal("NFC", spelled)


def letters_below(name: str) -> str:
    """Write `wᵢⱼ` and `w₁ⱼ` as `w_ij` and `w_1j`; digits alone stay."""
    if not any(char in LETTERS_BELOW for char in name):
        return name
    out: list[str] = []
    for at, char in enumerate(name):
        if char in LETTERS_BELOW or char in SUBSCRIPTS:
            before = name[at - 1 : at]
            out.append("" if before in LETTERS_BELOW or before in SUBSCRIPTS else "_")
        out.append(LETTERS_BELOW.get(char) or SUBSCRIPTS.get(char) or char)
    return "".join(out)


def digits_below(name: str) -> str:
    """Write the digits of `W₁₂` as those of `W12`."""
    return name if name.isascii() else "".join(SUBSCRIPTS.get(char, char) for char in name)


def _normal(form: Literal["NFC", "NFD"], text: str) -> str:
    from unicodedata import normalize  # a large table, which few sheets need

    return normalize(form, text)


class Parts(NamedTuple):
    """The parts of a name: what, by what it is differentiated ("" for none), and the step ("", "new" or digits)."""

    of: str
    by: str = ""
    step: str = ""


def split(name: str) -> Parts:
    """Take a quantity's name apart; whether `W_new` is declared as a name of its own is the caller's to know."""
    step, index = "", ""
    if name.endswith("]"):  # of `h@3[2]`, the step of `h[2]`
        name, bracket, index = name.rpartition("[")
        index = bracket + index
    if name.endswith("_new"):
        name, step = name[:-4], "new"
    elif "@" in name:
        name, _, step = name.partition("@")
    name += index
    if name.startswith("d") and "/d" in name:
        of, _, by = name[1:].partition("/d")
        return Parts(of, by, step)
    return Parts(name, "", step)


def join(parts: Parts) -> str:
    """Give the name made of the parts."""
    name = f"d{parts.of}/d{parts.by}" if parts.by else parts.of
    if not parts.step:
        return name
    base, bracket, index = name.rpartition("[") if name.endswith("]") else (name, "", "")
    return base + ("_new" if parts.step == "new" else f"@{parts.step}") + bracket + index


def member(base: str, places: tuple[int, ...]) -> str:
    """Give the name of what a loop defines at some places: `h[2]`; for a derivative or a step, `dL/dh[2]`, `h@3[2]`."""
    return f"{base}[{','.join(map(str, places))}]"


def indexed(name: str) -> tuple[str, int] | None:
    """Read `Y_1` or `h1` as an entry: its base and index, or None where the name has no number at its end."""
    plain = key(name)
    base = plain.rstrip("0123456789")
    digits = plain[len(base) :]
    return (base, int(digits)) if base and digits and not digits.startswith("0") and len(digits) < 6 else None


def layered(name: str, digits: str) -> str:
    """Give the name with the digits of a layer: `W` in layer 1 is `W1`, `W_new` is `W1_new`; empty for a name that has
    digits already."""
    base, step = (name[:-4], name[-4:]) if name.endswith(("_new", "_old")) else (name, "")
    return "" if base[-1:].isdigit() else base + digits + step


def subscripts(name: str) -> list[tuple[str, str]]:
    """Give what may stand below what: `w_1j` is 1j below w, `h1` is 1 below h; nothing in a name too long for it."""
    if len(name) > LONGEST_WITH_SUBSCRIPT:
        return []
    if "_" not in name:
        parts = indexed(name)
        return [(parts[0], str(parts[1]))] if parts is not None else []
    return [(name[:at], name[at + 1 :]) for at in range(1, len(name) - 1) if name[at] == "_"]
