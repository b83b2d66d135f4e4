"""An item of the running order with those who speak in it, its place, a template to lay, a shift, a room."""

from experts.forms.running_order.items import ItemForm
from experts.forms.running_order.moves import MoveForm
from experts.forms.running_order.whole import LayForm, RoomForm, ShiftForm

__all__ = ["ItemForm", "LayForm", "MoveForm", "RoomForm", "ShiftForm"]
