"""An evaluation's HTML page in a real browser: what a person who was sent one sees."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from engine.evaluation.export.page import page as export_page
from engine.reports import BatchAdvanced
from tests.browser import Browser, Page, running_browser
from tests.engine.evaluation.export.test_exports import hostile
from tests.engine.evaluation.rows import CHIPS

pytestmark = pytest.mark.live

VISIBLE = (
    "[...document.querySelectorAll('tbody tr')].filter(row => row.offsetHeight).map(row => row.cells[0].innerText)"
)


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with running_browser() as browser:
        yield browser


async def opened(browser: Browser, folder: Path, batch: BatchAdvanced, width: int, *, dark: bool = False) -> Page:
    file = folder / "page.html"
    file.write_text("".join(export_page(batch)), encoding="utf-8")
    page = await browser.page()
    await page.resize(width, 800, dark=dark)
    await page.open(file.as_uri())
    assert page.requests == [file.as_uri()]
    return page


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [1200, 600])
async def test_it_fits_a_wide_window_and_a_narrow_one_light_and_dark(
    browser: Browser, tmp_path: Path, width: int, dark: bool
) -> None:
    page = await opened(browser, tmp_path, CHIPS, width, dark=dark)
    assert page.complaints == []
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert await page.evaluate("document.querySelector('table').getBoundingClientRect().height > 100")
    assert len(await page.evaluate(VISIBLE)) == 6
    style = "getComputedStyle(document.body)"
    shades = f"[{style}.backgroundColor, {style}.color].map(each => Number(each.match(/\\d+/)[0]))"
    back, text = await page.evaluate(shades)
    assert (back < 60 and text > 200) if dark else (back > 200 and text < 60)
    # The names of the columns are at the top of a wide table, and in every row of a narrow one.
    names = "getComputedStyle(document.querySelectorAll('tbody td')[3], '::before').content"
    assert await page.evaluate(names) == ("none" if width == 1200 else '"base"')
    assert await page.evaluate("document.querySelector('thead').offsetHeight > 0") is (width == 1200)


async def test_its_filters_work_by_mouse_and_by_key(browser: Browser, tmp_path: Path) -> None:
    page = await opened(browser, tmp_path, CHIPS, 1200)
    everything = await page.evaluate(VISIBLE)
    await page.click("label[for=wrong1]")
    wrong = await page.evaluate(VISIBLE)
    assert wrong == ["11", "14"]
    await page.press("ArrowDown")
    assert await page.evaluate(VISIBLE) == ["11"]
    await page.press("ArrowDown")
    assert await page.evaluate(VISIBLE) == ["12"]
    await page.press("ArrowDown")
    assert await page.evaluate(VISIBLE) == everything


@pytest.mark.parametrize("width", [1200, 600])
async def test_what_models_say_runs_nothing_and_fetches_nothing(browser: Browser, tmp_path: Path, width: int) -> None:
    page = await opened(browser, tmp_path, hostile(), width)
    assert page.complaints == []
    assert page.happened("Page.javascriptDialogOpening") == []
    assert await page.evaluate("document.querySelectorAll('script, img, svg, iframe, a, link, object').length") == 0
    assert "<script>alert(1)</script>" in await page.evaluate("document.querySelector('tbody').innerText")
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
