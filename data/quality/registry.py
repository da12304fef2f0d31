"""All checks, in the order in which they are shown."""

from __future__ import annotations

from data.quality.check import Check

CHECKS: tuple[Check, ...] = (
    Check(
        "empty",
        "Empty or missing fields",
        "rows that cannot be read, that lack a field of their format, or in which a turn says nothing",
        "2 µs a row",
        "∅",
        "emptiness",
    ),
    Check(
        "roles",
        "Wrong order of roles",
        "conversations in which questions and answers do not alternate, or that end without an answer",
        "2 µs a row",
        "⇄",
        "roles",
    ),
    Check(
        "duplicate",
        "Duplicates",
        "rows that are in the file already, and questions asked before in the same words",
        "20 µs and 24 bytes of memory a row",
        "=",
        "duplicates",
    ),
    Check(
        "near-duplicate",
        "Near duplicates",
        "questions asked before in slightly other words, and longer rows that are the same but for some words",
        "0.2 ms and 90 bytes of memory a row; 200,000 rows at most are compared as a whole",
        "≈",
        "near_duplicates",
    ),
    Check(
        "conflict",
        "Conflicting answers",
        "the same question, in the same or slightly other words, with answers that cannot both be right",
        "20 µs a row, and 1 ms for each question asked twice",
        "≠",
        "conflicts",
    ),
    Check(
        "contradiction",
        "Contradictions",
        "rows that give one property of one thing another value than other rows do",
        "0.5 ms and 2 KB of memory a row with numbers; 20,000 of them at most are read",
        "⊥",
        "contradictions",
    ),
    Check(
        "cut-off",
        "Answers cut off",
        "answers that stop or begin in the middle of a sentence, after a colon, or inside a block of code",
        "0.1 ms a row",
        "…",
        "cut_off",
    ),
    Check(
        "debris",
        "Debris of a PDF",
        "register tables, captions, references to figures, lone headings, stray bullets, lines broken in a sentence",
        "0.2 ms a row",
        "¶",
        "debris",
    ),
    Check(
        "no-answer",
        "Answers that do not answer",
        "short answers without the number, the time or the yes or no that is asked for, refusals, mere repetitions",
        "0.3 ms a row with a short question",
        "?",
        "no_answer",
    ),
    Check(
        "too-long",
        "Longer than training keeps",
        "rows with more tokens than the limit: counted with the model's template where there is one, else estimated",
        "5 µs a row estimated, 0.5 ms counted",
        "↔",
        "length",
    ),
    Check(
        "characters",
        "Odd characters",
        "control characters, text decoded wrongly (“â€™” for “’”), invisible and lost characters",
        "50 µs a row, more where it is not plain ASCII",
        "¤",
        "characters",
    ),
    Check(
        "language",
        "Another language",
        "rows in another language or script than most, unless the question asks for it",
        "0.1 ms a row",
        "λ",
        "languages",
    ),
    Check(
        "secret",
        "Secrets",
        "private keys, keys and tokens of well-known services, and addresses with a password in them",
        "20 µs a row",
        "⚿",
        "secrets",
    ),
    Check("email", "E-mail addresses", "e-mail addresses of real hosts", "2 µs a row", "@", "emails"),
    Check(
        "lopsided",
        "Lopsided sets",
        "files in which nearly all yes-or-no answers are the same, answers begin alike, or one class prevails",
        "10 µs a row",
        "⚖",
        "lopsided",
    ),
)
"""Every check there is. Costs are those of rows of some 100 words on one core of a laptop."""
NAMES: tuple[str, ...] = tuple(check.name for check in CHECKS)
