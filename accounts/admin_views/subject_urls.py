"""The register of subjects in the admin, beneath the list and the page of one, which are a viewset's."""

from django.urls import path

from accounts.importing.pages import PATTERNS

from . import subjects

urlpatterns = [
    path("them/", subjects.add, name="add_subject"),
    path("<int:pk>/sua/", subjects.correct, name="correct_subject"),
    path("<int:pk>/xac-nhan/", subjects.confirm, name="confirm_subject"),
    path("<int:pk>/gop/", subjects.join, name="join_subject"),
    path("<int:pk>/ngung/", subjects.close, name="close_subject"),
    path("<int:pk>/mo-lai/", subjects.reopen, name="reopen_subject"),
    path("<int:pk>/san-pham/", subjects.add_product, name="add_product"),
    path("san-pham/<int:pk>/sua/", subjects.correct_product, name="correct_product"),
    path("san-pham/<int:pk>/bo/", subjects.remove_product, name="remove_product"),
    *PATTERNS,
]
