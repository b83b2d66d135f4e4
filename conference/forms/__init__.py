"""What organisers fill in. Forms check and hand over; the domain saves."""
