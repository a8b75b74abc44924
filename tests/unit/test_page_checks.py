"""The checker of pages finds what it is there to find, and nothing on a sound page."""

import pytest

from tests.functional.page_checks import PageError, check_fragment, check_page

BODY = """<h1>产品</h1>
<form method="post" action="/x"><input type="hidden" name="csrf_token" value="t">
<label for="amount">金额</label><input id="amount" name="amount" aria-describedby="hint"><p id="hint">万元</p>
<button type="submit">保存</button></form>
<svg viewBox="0 0 1 1" role="img" aria-label="图"><title>图</title><path d="M0 0" /><use href="/i.svg#a"></use></svg>
<img src="/a.png" alt="">"""
PAGE = (
    '<!doctype html>\n<html lang="zh-CN"><head><meta charset="utf-8"><title>产品</title>'
    '<meta name="viewport" content="width=device-width"><script src="/a.js"></script></head>'
    "<body>{}</body></html>"
)
SOUND = PAGE.format(BODY)


def test_a_sound_page_passes() -> None:
    check_page(SOUND, "/")
    check_page(SOUND.replace("zh-CN", "en"), "/")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("<!doctype html>", "", "doctype"),
        (' lang="zh-CN"', "", "lang"),
        ("<title>产品</title>", "<title></title>", "no title"),
        ("<h1>产品</h1>", "", "h1"),
        ("<h1>产品</h1>", "<h1>一</h1><h1>二</h1>", "2 h1"),
        ('<meta name="viewport" content="width=device-width">', "", "viewport"),
        ('<script src="/a.js"></script>', "<script>alert(1)</script>", "inline <script>"),
        ("<h1>产品</h1>", "<h1>产品</h1><style>p{}</style>", "inline <style>"),
        ("<h1>", '<h1 style="color:red">', "attribute style"),
        ("<h1>", '<h1 onclick="go()">', "attribute onclick"),
        ("<h1>", '<h1 id="amount">', "id 'amount' stands 2 times"),
        ('<label for="amount">金额</label>', "", "has no label"),
        ("csrf_token", "other", "csrf_token"),
        (' action="/x"', "", "no action"),
        (' method="post"', "", "method"),
        (' alt=""', "", "no alt"),
        ('<p id="hint">万元</p>', "", "names nothing"),
        (">保存</button>", "></button>", "has no name"),
        ("<h1>产品</h1>", "<h1>产品</h1><p><div>x</div></p>", "unexpected-end-tag"),
        ("<h1>产品</h1>", "<h1>产品</h1><table><p>x</p></table>", "unexpected"),
        ("</form>", "", "line"),
    ],
)
def test_a_fault_is_found(old: str, new: str, said: str) -> None:
    broken = SOUND.replace(old, new, 1)
    assert broken != SOUND
    with pytest.raises(PageError, match=said):
        check_page(broken, "/products")


def test_a_fragment_needs_no_frame_but_no_less_care() -> None:
    check_fragment("<tr><td>1</td></tr>", "/part")
    check_fragment("<p>一</p>", "/part")
    with pytest.raises(PageError, match="attribute style"):
        check_fragment('<p style="color:red">一</p>', "/part")
