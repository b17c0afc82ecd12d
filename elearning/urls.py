"""Every address of the platform. Vietnamese has no prefix, other languages have one; the language comes from the URL alone."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.decorators.cache import never_cache
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.admin.auth import require_admin_access
from wagtail.admin.views.home import default as not_found
from wagtail.admin.views.reports.audit_logging import LogEntriesView
from wagtail.documents import urls as wagtaildocs_urls
from wagtail.documents.views.serve import authenticate_with_password as authenticate_for_documents
from wagtail.documents.views.serve import serve as serve_document
from wagtail.views import authenticate_with_password

from accounts.access import administrators_only
from accounts.viewsets import OwnAccountView
from certificates.public_views import jwks
from courses.views import read
from lib.ranges import in_parts
from pages.views import guesses_limited

urlpatterns: list[URLPattern | URLResolver] = [
    # In front of Wagtail's own, which asks for first name, last name and e-mail.
    path("quan-tri/account/", never_cache(require_admin_access(OwnAccountView.as_view()))),
    # In front of Wagtail's own, a failure on purpose at every visit.
    path("quan-tri/failwhale/", require_admin_access(not_found)),
    # In front of Wagtail's own, which tells whoever may change some rows of a kind what happened to all of them.
    path("quan-tri/reports/site-history/", require_admin_access(administrators_only(LogEntriesView.as_view()))),
    path(
        "quan-tri/reports/site-history/results/",
        require_admin_access(administrators_only(LogEntriesView.as_view(results_only=True))),
    ),
    path("quan-tri/", include(wagtailadmin_urls)),
    path("api/", include("reports.api.urls")),
    path(".well-known/jwks.json", jwks, name="jwks"),
    # In front of Wagtail's own, which lets anybody guess for ever.
    path(
        "tai-lieu/authenticate_with_password/<int:restriction_id>/",
        guesses_limited(authenticate_for_documents),
        name="wagtaildocs_authenticate_with_password",
    ),
    # In front of Wagtail's own, which sends a video from its start however far somebody jumps.
    re_path(r"^tai-lieu/(\d+)/(.*)$", in_parts(serve_document), name="wagtaildocs_serve"),
    path("tai-lieu/", include(wagtaildocs_urls)),
]
public: list[URLPattern | URLResolver] = [
    path("tai-khoan/", include("accounts.urls")),
    path("hoc/", include("courses.urls")),
    path("kiem-tra/", include("quizzes.urls")),
    path("c/", include("certificates.urls")),
    path("tap-huan/", include("workshops.urls")),
    path("diem-danh/", include("workshops.desk.urls")),
    path("nhac/", include("reports.reminding.public")),
    path("", include("pages.urls")),
]
if settings.DEMO:
    public.append(path("demo/", include("demo.urls")))
public += [
    # Of Wagtail's own only this: its log-in page would be a door beside ours, without our limits.
    path(
        "_util/authenticate_with_password/<int:page_view_restriction_id>/<int:page_id>/",
        guesses_limited(authenticate_with_password),
        name="wagtailcore_authenticate_with_password",
    ),
    re_path(
        r"^((?:[\w\-]+/)*)$", read, name="read"
    ),  # the reading door; what is not of the catalogue goes on to Wagtail
    path("", include(wagtail_urls)),
]
urlpatterns += i18n_patterns(*public, prefix_default_language=False)

handler400 = "elearning.errors.bad_request"
