"""What a citizen needs in order to come, and whether they may be photographed."""

from django.db import transaction

from conference.domain.events import record
from panels.models import Invitation, Needs


@transaction.atomic
def save_needs(
    *,
    invitation: Invitation,
    access: str = "",
    diet: str = "",
    childcare: str = "",
    transport: str = "",
    image_consent: bool | None = None,
) -> Needs:
    """Keep the needs of the citizen behind an invitation. The log says that they told us, never what."""
    needs, _created = Needs.objects.update_or_create(
        volunteer=invitation.volunteer,
        defaults={
            "access": access,
            "diet": diet,
            "childcare": childcare,
            "transport": transport,
            "image_consent": image_consent,
        },
    )
    record(
        "needs.recorded",
        conference=invitation.conference,
        actor_label=invitation.volunteer.reference,
        obj=invitation,
        reference=invitation.volunteer.reference,
    )
    return needs
