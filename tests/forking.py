"""For tests of what is done in a process of its own."""

import pytest

from lib import apart

where_processes_fork = pytest.mark.skipif(
    not apart.CAN_FORK, reason="elsewhere than on Linux nothing is forked (lib/apart.py)"
)
