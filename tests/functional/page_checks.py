"""Is this a page? Asked of every page that a test loads."""

import re
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from xml.etree.ElementTree import Element

import html5lib
from html5lib.constants import DataLossWarning

#: What html5lib calls an error although HTML's standard allows it: a void SVG element may close itself.
TOLERATED = {"non-void-element-with-trailing-solidus"}
FIELDS = ("input", "select", "textarea")
WITHOUT_LABEL = {"hidden", "submit", "button", "image", "reset"}
METHODS = {"get", "post", "dialog"}


class PageError(AssertionError):
    """A page breaks a rule of pages; the text names the page and every rule it breaks."""


def check_page(html: str, path: str) -> None:
    """Check a whole page. Raises ``PageError`` with everything that is wrong with it."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    root = _quietly(lambda: parser.parse(html))
    problems = [*_syntax(parser), *_frame(root, html), *_body(root), *_references(root)]
    _raise(problems, path)


def check_fragment(html: str, path: str) -> None:
    """Check a part that htmx puts into a page: everything but title, heading and language."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    container = "tbody" if re.match(r"\s*<tr\b", html) else "div"
    root = _quietly(lambda: parser.parseFragment(html, container=container))
    _raise([*_syntax(parser), *_body(root)], path)


def _quietly(parse: Callable[[], Element]) -> Element:
    with warnings.catch_warnings():
        # Raised for xlink and the like, which the tree builder cannot name; the page is not worse for it.
        warnings.simplefilter("ignore", DataLossWarning)
        return parse()


def _raise(problems: list[str], path: str) -> None:
    if problems:
        raise PageError(f"{path} is not a sound page:\n  " + "\n  ".join(problems))


def _syntax(parser: html5lib.HTMLParser) -> Iterator[str]:
    for (line, column), code, details in parser.errors:
        if code not in TOLERATED:
            yield f"line {line}, column {column}: {code} {details or ''}".rstrip()


def _elements(root: Element, *names: str) -> Iterator[Element]:
    for element in root.iter():
        if isinstance(element.tag, str) and (not names or element.tag.rsplit("}", 1)[-1] in names):
            yield element


def _text(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def _frame(root: Element, html: str) -> Iterator[str]:
    if not re.match(r"\s*<!doctype html>", html, re.IGNORECASE):
        yield "no <!doctype html>"
    if root.get("lang") not in {"zh", "zh-CN", "zh-Hans", "zh-Hans-CN", "en"}:
        yield f"lang is {root.get('lang')!r}"
    title = root.find("head/title")
    if title is None or not _text(title):
        yield "no title"
    headings = list(_elements(root, "h1"))
    if len(headings) != 1 or not _text(headings[0]):
        yield f"{len(headings)} h1 elements; exactly one with a text is wanted"
    if not any(element.get("name") == "viewport" for element in _elements(root, "meta")):
        yield "no viewport: a phone would show the page shrunken"


def _body(root: Element) -> Iterator[str]:
    yield from _inline(root)
    yield from _ids(root)
    yield from _forms(root)
    yield from _labels(root)
    yield from _names(root)


def _inline(root: Element) -> Iterator[str]:
    for element in _elements(root):
        for name in element.attrib:
            if name == "style" or name.startswith(("on", "hx-on")):
                yield f"inline attribute {name} on <{element.tag}>"
    for element in _elements(root, "style", "script"):
        kept = element.get("type") in {"application/json", "application/ld+json"}
        if element.tag == "style" or (not element.get("src") and not kept):
            yield f"inline <{element.tag}>"


def _ids(root: Element) -> Iterator[str]:
    counted = Counter(element.get("id") for element in _elements(root) if element.get("id") is not None)
    for name, count in counted.items():
        if count > 1:
            yield f"id {name!r} stands {count} times"
        if not name or re.search(r"\s", name):
            yield f"id {name!r} is empty or has a blank"


def _forms(root: Element) -> Iterator[str]:
    for form in _elements(root, "form"):
        method = (form.get("method") or "").lower()
        if method not in METHODS:
            yield f"a form has method {form.get('method')!r}"
        if form.get("action") is None and method != "dialog":
            yield "a form has no action"
        if method == "post" and not any(field.get("name") == "csrf_token" for field in _elements(form, "input")):
            yield f"the form to {form.get('action')!r} has no csrf_token"


def _labels(root: Element) -> Iterator[str]:
    named = {label.get("for") for label in _elements(root, "label") if _text(label)}
    wrapped = {id(field) for label in _elements(root, "label") if _text(label) for field in _elements(label, *FIELDS)}
    for field in _elements(root, *FIELDS):
        if field.tag == "input" and (field.get("type") or "text").lower() in WITHOUT_LABEL:
            continue
        spoken = field.get("aria-label") or field.get("aria-labelledby")
        if not spoken and id(field) not in wrapped and field.get("id") not in named:
            yield f"<{field.tag} name={field.get('name')!r}> has no label"


def _names(root: Element) -> Iterator[str]:
    for image in _elements(root, "img"):
        if image.get("alt") is None:
            yield f"the image {image.get('src')!r} has no alt"
    for button in _elements(root, "button", "a"):
        if button.tag == "a" and button.get("href") is None:
            yield f"a link without href: {_text(button)!r}"
        if not (_text(button) or button.get("aria-label") or button.get("title") or _pictured(button)):
            yield f"a <{button.tag}> has no name: {button.attrib}"


def _pictured(element: Element) -> bool:
    return any(image.get("alt") or image.get("aria-label") for image in _elements(element, "img", "svg"))


def _references(root: Element) -> Iterator[str]:
    known = {element.get("id") for element in _elements(root)}
    for element in _elements(root):
        for attribute in ("for", "aria-labelledby", "aria-describedby", "aria-controls"):
            for target in (element.get(attribute) or "").split():
                if target not in known:
                    yield f"{attribute}={target!r} of <{element.tag}> names nothing on the page"
