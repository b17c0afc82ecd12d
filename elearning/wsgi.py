"""The entry point for a WSGI server: `elearning.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "elearning.settings")
application = get_wsgi_application()
