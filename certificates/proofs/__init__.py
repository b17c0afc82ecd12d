"""Certificates as Open Badges 3.0, which are W3C Verifiable Credentials 2.0: built, signed, read and checked.

Plain Python: no Django, no files but the bundled `contexts/`, no network. Keys come as arguments. Everything heavy is imported
on first use, so that workers that check nothing stay light.
"""
