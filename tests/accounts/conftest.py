from collections.abc import Iterator

import pytest

from tests.fake_issuer import FakeIssuer

from .oidc import set_to


@pytest.fixture(scope="session")
def issuer_on_loopback() -> Iterator[FakeIssuer]:
    fake = FakeIssuer()
    yield fake
    fake.end()


@pytest.fixture
def issuer(issuer_on_loopback, settings) -> Iterator[FakeIssuer]:
    """One that the operator has set, and that does everything right until it is told otherwise."""
    set_to(settings, issuer_on_loopback)
    yield issuer_on_loopback
    issuer_on_loopback.begin_anew()
