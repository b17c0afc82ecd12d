"""Translation catalogues, without GNU gettext: strings are found by Django's own template parser and Python's `ast`.

The sources speak Vietnamese, so there are two catalogues of different kinds:

locale/en   our own strings in English. `script/messages` adds the new ones empty and drops those that are gone.
locale/vi   strings of other packages (Wagtail, Django, allauth) that they ship without Vietnamese, or with words that are not
            those of our glossary. Kept by hand; `script/messages --missing wagtail.admin` lists what a package still lacks.

    script/messages             updates and compiles
    script/messages --check     fails when a string has no English, a catalogue is stale or an entry is wrong (script/lint)
"""

import argparse
import ast
import re
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import polib

ROOT = Path(__file__).resolve().parent.parent.parent
APPS = ("lib", "provinces", "messaging", "pages", "accounts", "courses", "quizzes", "certificates", "workshops", "reports",
        "demo", "elearning")  # fmt: skip
PACKAGES = ("django", "allauth", "wagtail", "taggit", "rest_framework", "django_filters", "modelsearch")
CATALOGUES = {"en": ("django",), "vi": ("django", "djangojs")}
PLURALS = {"en": "nplurals=2; plural=(n != 1);", "vi": "nplurals=1; plural=0;"}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


class Found(NamedTuple):
    msgid: str
    plural: str = ""
    context: str | None = None


# --- what our own code and templates say ---

FUNCTIONS = {"gettext": "m", "gettext_lazy": "m", "gettext_noop": "m", "ngettext": "mp", "ngettext_lazy": "mp",
             "pgettext": "cm", "pgettext_lazy": "cm", "npgettext": "cmp", "npgettext_lazy": "cmp"}  # fmt: skip


def in_python(path: Path) -> Iterator[Found]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
            names |= {alias.asname or alias.name: alias.name for alias in node.names}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
            roles = FUNCTIONS.get(names[node.func.id], "")
            words = [argument.value for argument in node.args[: len(roles)] if isinstance(argument, ast.Constant)]
            if roles and len(words) == len(
                roles
            ):  # what is put together at run time is marked elsewhere by gettext_noop
                yield _found(roles, words)


def _found(roles: str, words: list[str]) -> Found:
    by_role = dict(zip(roles, words, strict=True))
    return Found(by_role["m"], by_role.get("p", ""), by_role.get("c"))


STRING = r"""(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
CALL = re.compile(rf"\b(n?p?gettext|_)\(u?({STRING})(?:, ?u?({STRING}))?(?:, ?u?({STRING}))?", re.DOTALL)


def in_template(path: Path) -> Iterator[Found]:
    from django.utils.translation.template import templatize

    for call in CALL.finditer(templatize(path.read_text(encoding="utf-8"), origin=str(path))):
        name, *words = call.groups()
        roles = FUNCTIONS["gettext" if name == "_" else name]
        yield _found(roles, [ast.literal_eval(word) for word in words if word][: len(roles)])


def our_strings() -> dict[Found, set[str]]:
    """Each string with the files that say it."""
    strings: dict[Found, set[str]] = {}
    sources = [path for app in APPS for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts]
    templates = [
        *(ROOT / "templates").rglob("*.html"),
        *(path for app in APPS for path in (ROOT / app).rglob("*.html")),
    ]
    for read, paths in ((in_python, sources), (in_template, templates)):
        for path in sorted(paths):
            for found in read(path):
                if found.msgid:
                    strings.setdefault(found, set()).add(str(path.relative_to(ROOT)))
    return strings


# --- what other packages say ---


def package_catalogues(package: str, language: str, domain: str) -> Iterator[polib.POFile]:
    spec = find_spec(package)
    for folder in spec.submodule_search_locations or () if spec else ():
        for path in sorted(Path(folder).rglob(f"locale/{language}/LC_MESSAGES/{domain}.[mp]o")):
            if path.suffix == ".po" or not path.with_suffix(".po").exists():
                yield polib.mofile(path) if path.suffix == ".mo" else polib.pofile(path)


def key(entry: polib.POEntry) -> tuple[str, str | None]:
    return entry.msgid, entry.msgctxt


def missing(package: str, domain: str) -> list[polib.POEntry]:
    """Strings of a package for which neither it nor we have Vietnamese."""
    known = {key(entry) for entry in catalogue("vi", domain) if is_translated(entry)}
    for shipped in package_catalogues(package, "vi", domain):
        known |= {key(entry) for entry in shipped if is_translated(entry) and not entry.fuzzy}
    lacking = {}
    for source in package_catalogues(package, "en", domain):
        lacking |= {key(entry): entry for entry in source if key(entry) not in known and not entry.obsolete}
    return list(lacking.values())


# --- catalogues ---


def path_of(language: str, domain: str) -> Path:
    return ROOT / "locale" / language / "LC_MESSAGES" / f"{domain}.po"


def catalogue(language: str, domain: str) -> polib.POFile:
    path = path_of(language, domain)
    if path.exists():
        return polib.pofile(str(path), wrapwidth=118)
    made = polib.POFile(wrapwidth=118)
    made.metadata = {
        "Project-Id-Version": "ocop-elearning",
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": PLURALS[language],
    }
    return made


def is_translated(entry: polib.POEntry) -> bool:
    return all(entry.msgstr_plural.values()) if entry.msgid_plural and entry.msgstr_plural else bool(entry.msgstr)


def problems(language: str, entry: polib.POEntry) -> Iterator[str]:
    if entry.fuzzy:
        yield "is fuzzy"
    if entry.obsolete:
        yield "is obsolete"
    if not is_translated(entry):
        yield f"has no text in locale/{language}"
    forms = entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]
    wanted = [set(PLACEHOLDER.findall(text)) for text in (entry.msgid, entry.msgid_plural) if text]
    for text in filter(None, forms):
        used = set(PLACEHOLDER.findall(text))
        if not used <= set.union(*wanted) or not set.intersection(*wanted) <= used:
            yield f"has other placeholders than its translation “{text}”"


def update_english(strings: dict[Found, set[str]]) -> None:
    old = {(entry.msgid, entry.msgctxt): entry for entry in catalogue("en", "django")}
    new = catalogue("en", "django")
    del new[:]
    for found, places in sorted(strings.items(), key=lambda pair: (min(pair[1]), pair[0].msgid)):
        entry = old.get((found.msgid, found.context)) or polib.POEntry(msgid=found.msgid, msgctxt=found.context)
        if found.plural:
            entry.msgid_plural = found.plural
            entry.msgstr_plural = entry.msgstr_plural or {0: "", 1: ""}
        entry.occurrences = [(place, "") for place in sorted(places)]
        entry.flags = ["python-format"] if re.search(r"%\(\w+\)[sd]|%[sd]", found.msgid) else []
        new.append(entry)
    new.save(str(path_of("en", "django")))


def clashes(strings: dict[Found, set[str]]) -> Iterator[str]:
    """One msgid cannot be counted in one place and plain in another: a catalogue has one entry for both."""
    seen: dict[tuple[str, str | None], Found] = {}
    for found in strings:
        other = seen.setdefault((found.msgid, found.context), found)
        if other != found:
            yield f"“{found.msgid}” is counted in one place and plain (or counted differently) in another"


def compiled(language: str, domain: str) -> bytes:
    """The catalogue as Django reads it. The Vietnamese one also says what our own strings say themselves: Django looks a
    string that no catalogue holds up in all of them, one for each package, on every page."""
    po = catalogue(language, domain)
    if (language, domain) == ("vi", "django"):
        known = {(entry.msgid, entry.msgctxt) for entry in po}
        own = [entry for entry in catalogue("en", "django") if not entry.msgid_plural]
        po.extend(
            polib.POEntry(msgid=entry.msgid, msgctxt=entry.msgctxt, msgstr=entry.msgid)
            for entry in own
            if (entry.msgid, entry.msgctxt) not in known
        )
    return po.to_binary()


def compile_all() -> None:
    for language, domains in CATALOGUES.items():
        for domain in domains:
            path_of(language, domain).with_suffix(".mo").write_bytes(compiled(language, domain))


def check(strings: dict[Found, set[str]]) -> list[str]:
    found = list(clashes(strings))
    english = {key(entry) for entry in catalogue("en", "django")}
    for string, places in strings.items():
        if (string.msgid, string.context) not in english:
            found.append(f"{min(places)}: a new string without English: “{string.msgid}”")
    for language, domains in CATALOGUES.items():
        for domain in domains:
            po, name = catalogue(language, domain), path_of(language, domain).relative_to(ROOT)
            found += [f"{name}: “{entry.msgid}” {why}" for entry in po for why in problems(language, entry)]
            binary = path_of(language, domain).with_suffix(".mo")
            if not binary.exists() or binary.read_bytes() != compiled(language, domain):
                found.append(f"{name}: not compiled")
    for domain in CATALOGUES["vi"]:
        theirs = {key(e) for package in PACKAGES for po in package_catalogues(package, "en", domain) for e in po}
        gone = [entry.msgid for entry in catalogue("vi", domain) if key(entry) not in theirs]
        found += [f"locale/vi {domain}: no installed package says “{msgid}” any more" for msgid in gone]
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--missing", metavar="PACKAGE")
    parser.add_argument("--domain", default="django", choices=CATALOGUES["vi"])
    arguments = parser.parse_args()
    if arguments.missing:
        for entry in missing(arguments.missing, arguments.domain):
            print(entry)  # noqa: T201
        return 0
    strings = our_strings()
    if not arguments.check:
        update_english(strings)
        compile_all()
    found = check(strings)
    for line in found:
        print(line)  # noqa: T201
    if found:
        print("Write the missing texts into the .po files, then run: make messages")  # noqa: T201
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
