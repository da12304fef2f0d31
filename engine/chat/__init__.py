"""Asking servers: streamed answers, and the proof that all sides got the same prompt."""
