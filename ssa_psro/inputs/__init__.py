"""Any document in, checked values out; files that are whole or absent."""
