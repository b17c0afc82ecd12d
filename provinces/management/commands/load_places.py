from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand

from provinces.importing import load_places


class Command(BaseCommand):
    help = "Nạp lại danh mục địa bàn từ provinces/data/. / Loads the places of provinces/data/ again."

    def handle(self, **options: Any) -> None:
        self.stdout.write(f"{load_places(apps)} địa bàn / places")
