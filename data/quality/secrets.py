"""Keys, tokens and passwords that must not be learnt. What is found is never shown in full."""

from __future__ import annotations

import re
from collections.abc import Iterator

from data.facts.patterns import lazy
from data.quality.check import Context, Examiner
from data.quality.examined import LONGEST, Examined
from data.quality.flag import Flag

_SECRETS = (
    ("a private key", r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----"),
    ("an Anthropic key", r"\bsk-ant-[A-Za-z0-9_-]{24,}"),
    ("an OpenAI key", r"\bsk-(?:proj-|svcacct-|admin-)?[A-Za-z0-9_-]{32,}"),
    ("an AWS access key", r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"),
    ("a GitHub token", r"\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{50,})"),
    ("a GitLab token", r"\bglpat-[A-Za-z0-9_-]{20,}"),
    ("a Hugging Face token", r"\bhf_[A-Za-z0-9]{30,}"),
    ("a Slack token", r"\bxox[abeoprs]-[A-Za-z0-9-]{20,}"),
    ("a Slack webhook", r"https://hooks\.slack\.com/services/[A-Z0-9]{8,}/[A-Z0-9]{8,}/[A-Za-z0-9]{16,}"),
    ("a Google key", r"\bAIza[A-Za-z0-9_-]{35}"),
    ("a Stripe key", r"\b[sr]k_live_[A-Za-z0-9]{20,}"),
    ("a PyPI token", r"\bpypi-[A-Za-z0-9_-]{50,}"),
    ("an npm token", r"\bnpm_[A-Za-z0-9]{36}\b"),
    ("a SendGrid key", r"\bSG\.[A-Za-z0-9_-]{20,}\.[A-Za-z0-9_-]{40,}"),
    ("a Telegram bot token", r"\b\d{8,10}:AA[A-Za-z0-9_-]{33}\b"),
    ("a JSON web token", r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}"),
    ("an address with a password in it", r"\b[a-z][a-z0-9+.-]{2,15}://[^\s:/@\"'<>]{1,64}:[^\s:/@\"'<>]{3,64}@[\w.-]+"),
)
_SECRET = lazy("|".join(f"(?P<k{place}>{pattern})" for place, (_, pattern) in enumerate(_SECRETS)))
_HINT = lazy(
    r"-----BEGIN|sk-|A[KS]IA|gh[pousr]_|github_pat_|glpat-|hf_|xox|hooks\.slack|AIza|k_live_|pypi-|npm_|SG\.|:AA|eyJ|://"
)
_PLACEHOLDER = lazy(
    r"example|your[-_]|[-_]here|placeholder|change[-_]?me|x{6}|\*{3}|\.{3}|0{8}|1234567|abcdef"
    r"|:(?:password|passwd|pass|pwd|secret|user|token)@|[<{$]",
    re.IGNORECASE,
)


class _Secrets(Examiner):
    def look(self, row: Examined) -> Iterator[Flag]:
        for field, text in row.strings:
            text = text[:LONGEST]
            if not _HINT.search(text):
                continue
            found = next((m for m in _SECRET.finditer(text) if not _PLACEHOLDER.search(m[0])), None)
            if found:
                kind = _SECRETS[int((found.lastgroup or "k0")[1:])][0]
                yield Flag("secret", row.index, f"holds {kind} in {field}: {masked(found[0])}", field=field)
                return


def masked(secret: str) -> str:
    """The first four characters of a secret and its length: enough to find it, nothing to use."""
    return f"{secret[:4]}… ({len(secret)} characters)"


def hidden(text: str) -> str:
    """A text with every secret in it masked."""
    if not _HINT.search(text):
        return text
    return _SECRET.sub(lambda m: m[0] if _PLACEHOLDER.search(m[0]) else masked(m[0]), text)


def make(_: Context) -> Examiner:
    """A worker for one run."""
    return _Secrets()
