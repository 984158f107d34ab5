"""Ledgers that run contracts which learners wrote, and the record of what happened on them.

Plain Python: no Django, no rows, no request. Compilers and runtimes run behind the walls of
`sandbox`; what they say is data, and is judged elsewhere.
"""
