"""Set-up, local run, tests and benchmarks: for people at a terminal, never imported by the server.

Everything here but the benchmarks uses the standard library alone, because it runs before
anything is installed.
"""
