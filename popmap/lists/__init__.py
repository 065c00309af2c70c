"""Published lists brought into a register folder: read, planned, decided on, applied; or only compared with it."""
