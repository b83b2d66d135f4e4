"""The address under which a citizen's calendar program follows the sessions."""

from django import template
from django.urls import reverse

from conference.links import absolute
from panels.feeds import feed_token
from panels.models import Invitation

register = template.Library()


@register.simple_tag
def citizen_feed(invitation: Invitation) -> str:
    return absolute(reverse("citizen_feeds:citizen", args=[feed_token(invitation)]))
