"""Files that strangers send: what they may weigh and hold, looked at before anything is parsed, and text and CSV taken apart."""
