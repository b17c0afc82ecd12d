"""Catalogue rows, learning records and cohorts in the Wagtail admin."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.viewsets.base import ViewSetGroup

from .cohorts import CohortFilter, CohortViewSet
from .records import LEARNING, ActivityViewSet, CourseViewSet, EnrolmentViewSet, LegalTextViewSet, TopicViewSet

__all__ = ["CohortFilter", "LearningGroup", "LegalTextViewSet", "TopicViewSet"]


class LearningGroup(ViewSetGroup):
    menu_label = _("Học tập")
    menu_icon = "folder-open-inverse"
    menu_order = 160
    items = (CourseViewSet, ActivityViewSet, EnrolmentViewSet, CohortViewSet)
    submenu_hook = LEARNING
