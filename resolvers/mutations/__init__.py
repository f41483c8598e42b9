"""Mutations: context, audit, user errors."""
