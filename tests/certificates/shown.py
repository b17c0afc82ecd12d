"""Who looks at the page about a certificate, and where it is."""

from django.test import Client

from tests import cast


def address(credential, more=""):
    return f"/c/{credential.code}/gioi-thieu/{more}"


def seen(credential):
    return Client().get(address(credential))


def holder(credential):
    return cast.client_of(credential.person.user)
