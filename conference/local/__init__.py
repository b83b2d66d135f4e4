"""The embedded default: PostgreSQL, Valkey and a mail catcher from wheels, for one command on an empty machine.

Production never comes here; only the settings read ``state`` (to find what runs beside them) and mount ``/dev/mail/``.
"""
