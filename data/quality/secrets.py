"""Keys, tokens and passwords that must not be learnt, and e-mail addresses. What is found is never shown in full."""

from __future__ import annotations

import re
from collections.abc import Iterator

from data.facts.patterns import lazy
from data.quality.check import Check, Context, Examiner
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
_EMAIL = lazy(
    r"(?<![\w.+%/:@-])(?P<name>[A-Za-z0-9][A-Za-z0-9._%+-]{0,63})@(?P<host>(?:[A-Za-z0-9-]{1,63}\.)+(?P<top>[A-Za-z]{2,24}))\b(?![@/]|[.:]\w)"
)
_RESERVED = lazy(
    r"(?:.*\.)?(?:example\.(?:com|org|net|edu)|[\w.-]+\.(?:example|test|invalid|localhost|local))"
    r"|(?:your-?|my-?|some-?)?(?:domain|company|email|mail|website|site)\.(?:com|org|net)|(?:abc|xyz|acme|test|sample)\.com",
    re.IGNORECASE,
)
"""Names that stand for no real host: RFC 2606, and what people write instead."""
_ASSETS = frozenset(("png", "jpg", "jpeg", "gif", "svg", "webp", "css", "js", "py", "json", "html"))


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


class _Emails(Examiner):
    def look(self, row: Examined) -> Iterator[Flag]:
        count, first = 0, None
        for field, text in row.strings:
            if "@" not in text:
                continue
            for found in _EMAIL.finditer(text[:LONGEST]):
                if not _RESERVED.fullmatch(found["host"]) and found["top"].lower() not in _ASSETS:
                    count += 1
                    first = first or (field, found)
        if first:
            field, found = first
            address = f"{found['name'][0]}…@….{found['top']}"
            more = f", and {count - 1} more" if count > 1 else ""
            yield Flag("email", row.index, f"holds an e-mail address in {field}: {address}{more}", field=field)


def masked(secret: str) -> str:
    """The first four characters of a secret and its length: enough to find it, nothing to use."""
    return f"{secret[:4]}… ({len(secret)} characters)"


def _secrets(_: Context) -> Examiner:
    return _Secrets()


def _emails(_: Context) -> Examiner:
    return _Emails()


SECRET = Check(
    "secret",
    "Secrets",
    "private keys, keys and tokens of well-known services, and addresses with a password in them",
    "about 5 µs a row",
    "⚿",
    _secrets,
)
EMAIL = Check("email", "E-mail addresses", "e-mail addresses of real hosts", "about 1 µs a row", "@", _emails)
