"""A password hasher that does not make every test wait."""

from django.contrib.auth.hashers import PBKDF2PasswordHasher


class QuickHasher(PBKDF2PasswordHasher):
    """Of the same name and form as the real one, which therefore accepts what this one made."""

    iterations = 1000
