from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from demo import content


class Command(BaseCommand):
    help = (
        "Nạp các khóa học mẫu; khóa đã có thì giữ nguyên. / Loads the sample courses; existing ones stay as they are."
    )

    def handle(self, **options: Any) -> None:
        for title in content.load_all(at=timezone.now()):
            self.stdout.write(f"  {title}")
        for title in content.translate():
            self.stdout.write(f"  {title}")
