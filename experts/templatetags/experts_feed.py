"""The address under which an expert's calendar program follows their turns."""

from django import template
from django.urls import reverse

from conference.links import absolute
from experts.feeds import feed_token
from experts.models import Expert

register = template.Library()


@register.simple_tag
def expert_feed(expert: Expert) -> str:
    return absolute(reverse("expert_feeds:expert", args=[feed_token(expert)]))
