"""The running order in the cockpit: the day on its clock, items moved by pointer, key, button or form, whole programmes.

It stands in the experts' room because that is the topmost one: the pages show sessions, rooms, colleagues and speakers.
"""
