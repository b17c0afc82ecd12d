"""The entry point for a WSGI server: `elearning.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "elearning.settings")
application = get_wsgi_application()

from elearning.checks import refuse_demo_data  # noqa: E402 (needs the apps)

refuse_demo_data()
