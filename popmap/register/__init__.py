"""What a register is: its tables, its files, its cells, and what can be wrong with them."""
