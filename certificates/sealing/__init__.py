"""The seal of an office on a finished file (PAdES), and what anybody's file says about its own seals."""

from .checking import Finding, Report, Seal, check
from .keys import KeyProblemError, is_configured
from .signing import begin, finish, trouble

__all__ = ["Finding", "KeyProblemError", "Report", "Seal", "begin", "check", "finish", "is_configured", "trouble"]
