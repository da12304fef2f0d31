"""Comparing over many rows: every arm is asked every question, and each answer is judged by the dataset's."""
