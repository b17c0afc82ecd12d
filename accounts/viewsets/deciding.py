from wagtail.admin.viewsets.pages import PageViewSet

from accounts.admin_views import approval


class DecidedPages(PageViewSet):
    """Pages of all kinds, where two who decide at once wait for each other."""

    edit_view_class = approval.PageEditView
    revisions_revert_view_class = approval.PageRevertView
    workflow_action_view_class = approval.DecisionView
