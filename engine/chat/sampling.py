"""How the next token is chosen: shared by all arms of a question, so that only the models differ."""

from __future__ import annotations

from dataclasses import dataclass

from data.errors import InputError

MAX_SAMPLES = 8
MAX_TOKENS = 32_768


@dataclass(frozen=True, slots=True)
class Sampling:
    """The settings of one request. The defaults give the same answer each time."""

    temperature: float = 0.0
    top_p: float = 1.0
    max_tokens: int = 128
    seed: int | None = 1
    n: int = 1
    """How many answers each arm gives."""
    probabilities: bool = False
    """Whether the probability of each token is asked for (vLLM alone tells)."""

    def require(self) -> None:
        """Raise InputError for values that no server accepts, or that cannot be meant."""
        if not 0.0 <= self.temperature <= 2.0:
            raise InputError(f"Temperature {self.temperature:g} cannot be used; give one from 0 to 2.")
        if not 0.0 < self.top_p <= 1.0:
            raise InputError(f"Top-p {self.top_p:g} cannot be used; give a share above 0 and up to 1.")
        if not 1 <= self.max_tokens <= MAX_TOKENS:
            raise InputError(f"{self.max_tokens} tokens cannot be asked for; give 1 to {MAX_TOKENS:,}.")
        if self.seed is not None and not 0 <= self.seed < 1 << 63:
            raise InputError(f"{self.seed} is no seed; give a whole number from 0 on, or none.")
        if not 1 <= self.n <= MAX_SAMPLES:
            raise InputError(f"{self.n} samples cannot be asked for; give 1 to {MAX_SAMPLES}.")
        if self.n > 1 and self.temperature == 0.0:
            raise InputError(
                f"{self.n} samples at temperature 0 are all the same; set a temperature above 0, or ask for one."
            )
