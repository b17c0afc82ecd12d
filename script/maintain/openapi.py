"""The OpenAPI document of reports.api, from its views and answers by drf-spectacular, which the site itself does without."""

import json
import os
import sys
import warnings
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "elearning.settings")
os.environ.setdefault("DEMO", "1")

import django  # noqa: E402
from django.conf import settings  # noqa: E402

settings.REST_FRAMEWORK = {}
settings.SPECTACULAR_SETTINGS = {
    "TITLE": "Học OCOP",
    "VERSION": "1",
    "DESCRIPTION": "Figures of training in Vietnam's OCOP programme by place and course, and the register of subjects. Read-only.",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": False,
    "ENUM_NAME_OVERRIDES": {"LevelEnum": "provinces.models.Level", "SubjectKindEnum": "accounts.models.SubjectKind"},
}
django.setup()

from django.urls import include, path  # noqa: E402
from drf_spectacular.extensions import OpenApiAuthenticationExtension  # noqa: E402
from drf_spectacular.generators import SchemaGenerator  # noqa: E402
from drf_spectacular.openapi import AutoSchema  # noqa: E402
from drf_spectacular.utils import OpenApiParameter  # noqa: E402

from reports.api import manual, pages  # noqa: E402


class ByKey(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "reports.api.authenticating.KeyAuthentication"
    name = "key"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        return {"type": "http", "scheme": "bearer", "description": "A key that a manager gives out in the admin"}


class Schema(AutoSchema):
    def get_override_parameters(self) -> list[OpenApiParameter]:
        asked: dict[str, str] = getattr(self.view, "asked", {})
        return [OpenApiParameter(name, str, description=said) for name, said in asked.items()]


def document() -> str:
    for view in (pages.Places, pages.Courses, pages.Subjects, pages.Board):
        view.schema = Schema()
    made = SchemaGenerator(patterns=[path("api/", include("reports.api.urls"))]).get_schema(public=True)
    return json.dumps(made, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


if __name__ == "__main__":
    warnings.simplefilter("error")
    fresh = document()
    if "--check" not in sys.argv:
        manual.DOCUMENT.write_text(fresh)
    elif manual.DOCUMENT.read_text() != fresh:
        sys.exit("reports/api/openapi.json is stale: run script/openapi")
