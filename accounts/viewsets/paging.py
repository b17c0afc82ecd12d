"""Pages of a list that may be a million rows long: as far as anybody leafs, at the same cost however long it is."""

from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail.admin.paginator import WagtailPaginator

from lib.dates import grouped

MOST = 20_000  # 400 pages: whoever looks for something further down filters, searches or takes the list along


class BoundedPaginator(WagtailPaginator):
    """Counts and leads to the first `MOST` rows; of a longer list `is_cut` says so. Exports hold all of it."""

    @cached_property
    def _counted(self) -> int:
        return int(self.object_list.order_by().values("pk")[: MOST + 1].count())

    @cached_property
    def is_cut(self) -> bool:
        return self._counted > MOST

    @cached_property
    def count(self) -> int:
        return min(self._counted, MOST)

    @property
    def most(self) -> str:
        return grouped(MOST)

    @property
    def items_count_label(self) -> str:
        """At the end of the list's pages: how many there are, of what the list says that it counts."""
        if not self.is_cut:
            return f"{grouped(self.count)} {self.verbose_name if self.count == 1 else self.verbose_name_plural}"
        return _("Hơn %(most)s dòng; đây là %(most)s dòng đầu") % {"most": self.most}
