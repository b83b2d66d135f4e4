"""The one family of errors that domain functions raise and views show in words."""


class DomainError(Exception):
    """An act that cannot be done. Its message is a translated sentence that says what to do."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
