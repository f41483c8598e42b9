"""The version of the work that this gateway knows how to do."""

APPLICATION_VERSION = "1"
"""Is kept with each piece of work; a process takes up only what its own version has started.

Raise it by hand, by one, in the change that adds a body, removes one, or alters a body's steps, their names or their
order. A body that is altered gets a new name (`import` becomes `import-2`), and the old one stays registered until
nothing that it has begun is left: what processes of another version leave behind is taken over by whoever knows the
body's name, and `/readyz` names what is left of other versions.
"""
