"""The production settings, with one more address: a view that does nothing, which all costs are measured against."""

from elearning.settings import *  # noqa: F403

ROOT_URLCONF = "bench.urls"
