"""The site as a server's first process reads it in, so that a worker forked from it answers at once."""

from django.db import connections
from django.test import RequestFactory

from elearning.wsgi import application

application.get_response(RequestFactory().post("/kiem-tra/luot/0/cau/1/luu/")).close()
connections.close_all()

__all__ = ["application"]
