"""Benchmarks: `make bench` prints every row of the budgets that the product has so far, met or missed, and writes var/bench.json.

A cost is the CPU time of the server's whole process tree per request, as a multiple of a bare view's in the same run
(see docs/decisions/0007-budgets.md). Everything runs on loopback, in a scratch folder under var/bench.
"""
