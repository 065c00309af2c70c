"""Answering a customer's questionnaire from the register: reading it, finding what each question asks, answering from rows, writing back."""
