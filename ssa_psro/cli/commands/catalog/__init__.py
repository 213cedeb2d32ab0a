"""Files of element sets: sum them up, or generate them."""
