"""The content security policy allows no inline script and no inline style; templates may not need any."""

import re

from tests.conventions.tree import files_below, relative

INLINE = {
    "style element": re.compile(r"<style\b", re.IGNORECASE),
    "style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "script without src": re.compile(r"<script\b(?![^>]*\bsrc\s*=)", re.IGNORECASE),
    "event attribute": re.compile(r"<[^>]*\s(?:on[a-z]+|hx-on[:\w-]*)\s*=", re.IGNORECASE),
    "javascript address": re.compile(r"(?:href|src|action)\s*=\s*[\"']\s*javascript:", re.IGNORECASE),
    "foreign address": re.compile(r"<(?:script|link|img|iframe)\b[^>]*(?:src|href)\s*=\s*[\"'](?:https?:)?//"),
}
EXPRESSION = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)


def test_templates_are_clean_under_the_policy() -> None:
    found = [
        f"{relative(path)}: {what}: {match.group()[:60]}"
        for path in files_below("templates", suffix=".html")
        for what, pattern in INLINE.items()
        for match in pattern.finditer(EXPRESSION.sub("", path.read_text(encoding="utf-8")))
    ]
    assert found == []


def test_nothing_in_a_template_switches_escaping_off() -> None:
    # What is safe markup is made as Markup in code, where a reader sees why.
    found = [
        relative(path)
        for path in files_below("templates", suffix=".html")
        if re.search(r"\|\s*safe\b|autoescape\s+false", path.read_text(encoding="utf-8"))
    ]
    assert found == []
