"""One site is served, under BASE_URL: nobody adds a second one, and addresses of pages carry no host."""

import pytest
from django.core.management.sql import emit_post_migrate_signal
from wagtail.models import Site

from courses.models import CoursePage
from elearning.apps import further_sites
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def migrate() -> Site:
    emit_post_migrate_signal(verbosity=0, interactive=False, db="default")
    return Site.objects.get()


@pytest.mark.parametrize(
    ("base_url", "root_url"),
    [
        ("https://hoc.example.vn", "https://hoc.example.vn"),
        ("http://192.168.1.20:8000", "http://192.168.1.20:8000"),
        ("http://hoc.example.vn", "http://hoc.example.vn"),
    ],
)
def test_the_site_follows_the_public_address_at_each_migration(settings, base_url, root_url):
    settings.BASE_URL, settings.HTTPS = base_url, base_url.startswith("https")
    assert migrate().root_url == root_url


def test_addresses_in_full_follow_at_once(settings):
    page = cast.course_page()
    assert page.full_url.startswith("http://localhost")
    settings.BASE_URL = "http://hoc.example.vn"
    migrate()
    assert CoursePage.objects.get().full_url == "http://hoc.example.vn/khoa-hoc/ke-chuyen/"


def test_the_audit_names_a_second_site_and_a_migration_leaves_its_settings_alone(settings):
    settings.BASE_URL = "http://hoc.example.vn"
    home = cast.home()
    Site.objects.update(hostname="a.example", is_default_site=False)
    Site.objects.create(hostname="b.example", root_page=home, is_default_site=True)  # known by its mark, not by its age
    emit_post_migrate_signal(verbosity=0, interactive=False, db="default")
    assert set(Site.objects.values_list("hostname", "is_default_site")) == {
        ("hoc.example.vn", True),
        ("a.example", False),
    }
    assert ["site a.example:80" in line for line in further_sites()] == [True]


def test_a_site_that_is_no_default_any_more_becomes_it_again():
    Site.objects.update(is_default_site=False)
    assert migrate().is_default_site


def test_an_administrator_finds_no_sites_among_the_settings():
    client = cast.client_of(cast.staff("administrator"))
    assert "/quan-tri/sites/" not in client.get("/quan-tri/").content.decode()


@pytest.mark.parametrize("door", ["", "new/", "edit/{pk}/", "delete/{pk}/"])
def test_the_doors_of_sites_are_closed_to_an_administrator_with_a_sentence(door):
    home = cast.home()
    client, site = cast.client_of(cast.staff("administrator")), Site.objects.get()
    typed = {"hostname": "a.example", "port": "80", "root_page": home.pk}
    response = client.post(f"/quan-tri/sites/{door.format(pk=site.pk)}", typed, follow=True)
    assert response.redirect_chain == [("/quan-tri/", 302)]
    assert [str(message) for message in response.context["messages"]]
    assert [one.hostname for one in Site.objects.all()] == [site.hostname]
