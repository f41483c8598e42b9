"""Credentials per (role, caller), and the object that signs each call as the caller it is made for."""
