"""Wagtail's search in the database, with quotation marks that SQLite's own query language does not take for its own."""

from functools import cache
from typing import Any

from django.db import connection
from modelsearch.backends.database import SearchBackend as DatabaseBackend
from modelsearch.query import Phrase, PlainText, SearchQuery


def SearchBackend(params: dict[str, Any]) -> Any:  # noqa: N802 (the name that Wagtail imports)
    backend = DatabaseBackend(params)
    if connection.vendor == "sqlite":
        backend.query_compiler_class = _quoting(backend.query_compiler_class)
        backend.autocomplete_query_compiler_class = _quoting(backend.autocomplete_query_compiler_class)
    return backend


@cache
def _quoting(compiler: type[Any]) -> type[Any]:
    """modelsearch 1.3 puts every word between quotation marks and leaves those that were typed as they are."""

    class Quoting(compiler):  # type: ignore[misc]
        def build_search_query_content(self, query: SearchQuery, config: Any = None) -> Any:
            if isinstance(query, PlainText):
                query = PlainText(_doubled(query.query_string), operator=query.operator)
            elif isinstance(query, Phrase):
                query = Phrase(_doubled(query.query_string))
            return super().build_search_query_content(query, config=config)

    return Quoting


def _doubled(words: str) -> str:
    return words.replace('"', '""')
