"""What headings say, in four languages and the commonest in more: which words name what a column holds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache

from popmap.importing import likeness
from popmap.importing.words import apart, fold, pattern, terms

_OF = re.compile(r"^(.+?) (?:of|for|der|des|du|de|von|zur|zum|del|to|in|by|from|per|used|where|donde|wo|ou|que) ")
LIKENESS = 40
_LONGEST_HEADING = 9
_LONGEST_TEXT = 200
# "Technische Rolle": what a vendor is there for, or whether it is a processor; its cells say which.
_ROLE = re.compile(r" (?:role|roles|rolle|rol|papel|ruolo|rola|roll)$")
_AGREEMENT = re.compile(r"\b(?:dpas?|avv|agreement|addendum) ?(?:link|url|status|signed|reference)?$")
# "Sub-processors page": where a vendor lists its own.
_THEIRS = re.compile(r"\bsub ?(?:processors?|procesador|encargad|traitant|responsabil|verwerker)|\bunterauftrag")
_PAGE = re.compile(r"\b(?:page|pagina|list|lista|liste|link|url|enlace|lien|seite)\b")
_TRANSFER = re.compile(r"\b(?:transf|ubermittlung|drittland)")
# "Provider category" heads sorts of vendors and no vendors.
_SORT = re.compile(r"\b(?:provider|vendor|supplier|processor|recipient|service|tool)s? (?:category|categories|kinds?|types?|group)$")
# A column headed so holds who receives data, and nobody else.
RECEIVING = re.compile(
    r"\b(?:sub ?)?(?:processors?|contractors?)\b|\b(?:sous traitant|(?:unter)?auftragsverarbeiter|(?:sub)?encargado|verwerker"
    r"|(?:under)?(?:databehandler|bitrade)|podprocesor|(?:sub ?)?responsabil[ei]|suboperador|subprocessador|zpracovatel|alikasittelij)"
)
_BASIS = re.compile(
    r"\b(?:basis|bases|ground|legal|lawful|base|fondement|garanti|grundlage|rechtsgrundlage|mechanism|safeguard|tool|encadrement)"
)


@cache
def _generic() -> frozenset[str]:
    return frozenset(terms("headings")["generic"])


@cache
def _whole() -> frozenset[str]:
    return _generic() | {fold(one) for one in terms("headings")["whole"]}


@cache
def _asking() -> Mapping[str, str]:
    return {first: role for role, ones in terms("headings")["asking"].items() for first in ones}


@cache
def _phrases() -> Mapping[str, str]:
    return {fold(phrase): role for role, phrases in terms("columns").items() for phrase in phrases}


@cache
def _found() -> re.Pattern[str]:
    kept = (one for one, role in _phrases().items() if one not in _whole() and (" " in one or role not in terms("headings")["whole_roles"]))
    phrases = sorted(kept, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, phrases))})(?!\w)")


@lru_cache(maxsize=8_192)
def sure(heading: str) -> str:
    """Return the role of a heading that is a known phrase as a whole, "" otherwise."""
    if len(heading) > _LONGEST_TEXT:
        return ""
    bare = re.sub(r"^\s*\d+[.)]\s*|\s*[*†:]+\s*$", "", heading)
    for text in (bare, re.sub(r"\s*\(.*?\)", "", bare), apart(bare)):
        if role := _phrases().get(fold(text)):
            return role
    return ""


@lru_cache(maxsize=4_096)
def guess(heading: str) -> tuple[str, int]:
    """Return what a heading says its column holds, and how sure that is from 0 to 100; `LIKENESS` where it is only like a known one."""
    if len(heading) > _LONGEST_TEXT:
        return "", 0
    if role := sure(heading):
        return role, 95 if fold(heading) in _generic() else 100
    folded = fold(apart(re.sub(r"\(.*?\)", " ", heading)))
    if not folded or len(folded.split()) > _LONGEST_HEADING:
        return "", 0
    found = _by_shape(heading, folded) or _by_part(folded)
    if found:
        return found
    return (role, LIKENESS) if (role := likeness.role(folded, _phrases())) else ("", 0)


def _by_shape(heading: str, folded: str) -> tuple[str, int] | None:
    """Return what a heading says by how it begins, or by what stands in it together."""
    for first, role in _asking().items():
        if folded.startswith(first):
            return role, 90
    # "Company, address", "Vendor / Tool": the first says what the column is about.
    parts = re.split(r"\s*[,;]\s*|\s+/\s*|\s+[–—-]\s+", re.sub(r"\(.*?\)", " ", heading).strip())
    if len(parts) > 1 and (role := sure(parts[0])) and role not in terms("headings")["whole_roles"]:
        return role, 85
    if _THEIRS.search(folded) and _PAGE.search(folded):
        return "subprocessors_url", 85
    if _AGREEMENT.search(folded):
        return "agreement_url", 85
    if _TRANSFER.search(folded) and _BASIS.search(folded):
        return "transfer_mechanism", 90
    return ("section", 80) if _SORT.search(folded) else None


def _by_part(folded: str) -> tuple[str, int] | None:
    """Return what a heading says by the longest known phrase in it, or by the word that tells in a compound."""
    whole = max((one.group() for one in _found().finditer(folded)), key=lambda one: len(one.split()), default="")
    if len(whole.split()) > 1:
        return _phrases()[whole], 70 + len(whole.split())
    for part in (re.split(r" (?:and|et|und|y|or|ou|oder) ", folded)[0], *(found.group(1) for found in [_OF.match(folded)] if found)):
        if role := _phrases().get(part):
            return role, 80
    if _ROLE.search(folded):
        return "role", 60
    if not whole:
        return None
    # The last word of a compound says what it is, "provider location"; else the first that says something.
    spots = list(_found().finditer(folded))
    own = _phrases()[(spots[-1] if spots[-1].end() == len(folded) else spots[0]).group()]
    first = _phrases()[spots[0].group()]
    # Where data is, "localisation données", is a place whichever word comes last.
    return (first if first == "location" and own == "categories" else own), 50


def for_recipients(heading: str) -> bool:
    """Return whether a heading asks for recipients of any kind, so that a cell may name a kind as well as somebody."""
    return bool(pattern("around", "recipients").search(fold(heading)))


def of_party(label: str) -> bool:
    """Return whether a label speaks of whoever keeps the list: the controller, its representative, its legal form."""
    return bool(pattern("around", "parties").match(fold(label))) and sure(label) != "role"


def generic(heading: str) -> bool:
    """Return whether a heading says little, such as "Name"."""
    return not heading or fold(heading) in _generic()
