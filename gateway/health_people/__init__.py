"""Who else may read a health record, and what residents add to one themselves.

The rules stand in docs/health-people.md. Health records ask `rights` here, and the routes here ask
health records: so nothing is imported in this file.
"""
