"""How Django writes dates where no tenant says how: in admin."""
