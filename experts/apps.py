from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExpertsConfig(AppConfig):
    name = "experts"
    verbose_name = _("Experts")

    def ready(self) -> None:
        # Registers event sentences, kinds of message, audiences and subscriptions once models exist.
        from experts import (  # noqa: F401, PLC0415
            attendees,
            audiences,
            committee_letters,
            own_letters,
            programme,
            programme_news,
            question_letters,
            receivers,
            wording,
            wording_board,
            wording_information,
            wording_questions,
            wording_records,
        )
