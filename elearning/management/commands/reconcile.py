"""`manage.py reconcile`: does what a crash between a commit and its signals left undone. Safe at any time."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from certificates import actions as certificates
from certificates.models import Credential
from courses import actions as courses
from reports import actions as reports


class Command(BaseCommand):
    help = "Hoàn tất những việc dở dang sau sự cố. / Finishes what an interruption left undone."

    def handle(self, **options: Any) -> None:
        before = Credential.objects.count()
        finished = courses.reconcile(at=timezone.now())
        certificates.issue_missing(at=timezone.now(), at_once=None)
        issued = Credential.objects.count() - before
        places = reports.recount(at=timezone.now())
        self.stdout.write(f"Khóa học được ghi hoàn thành: {finished}. Giấy chứng nhận cấp bù: {issued}.")
        self.stdout.write(f"Đếm lại số liệu của {places} địa bàn.")
        self.stdout.write(
            f"Courses marked completed: {finished}. Certificates issued late: {issued}. Places counted anew: {places}."
        )
