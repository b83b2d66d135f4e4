"""An expert's portrait: taken small and without hidden facts, replaced, removed."""

from typing import Any

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from conference.models import User
from experts.domain.record import locked, log
from experts.models import Expert
from experts.photographs import portrait


@transaction.atomic
def set_photograph(*, expert_id: int, file: "UploadedFile[Any]", actor: User | None) -> Expert:
    """By an organiser, or (None) by the expert. The old file goes once the change is certain."""
    picture = ContentFile(portrait(file, file.size or 0))
    expert = locked(expert_id)
    old = str(expert.photograph.name or "")
    expert.photograph.save("portrait", picture, save=False)
    expert.save(update_fields=["photograph"])
    _forget(expert, old)
    log("expert.photograph_set", expert, actor=actor)
    return expert


@transaction.atomic
def remove_photograph(*, expert_id: int, actor: User | None) -> Expert:
    expert = locked(expert_id)
    old = str(expert.photograph.name or "")
    if not old:
        return expert
    expert.photograph = ""
    expert.save(update_fields=["photograph"])
    _forget(expert, old)
    log("expert.photograph_removed", expert, actor=actor)
    return expert


def _forget(expert: Expert, name: str) -> None:
    storage = expert.photograph.storage
    if name:
        transaction.on_commit(lambda: storage.delete(name))
