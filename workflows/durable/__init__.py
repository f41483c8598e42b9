"""Durable work on DBOS: started once for an id, resumed after a crash, run by one process at a time."""
