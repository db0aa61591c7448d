"""HTML documentation pages to clean, Markdown-like text: main content only, navigation and boilerplate dropped."""

from __future__ import annotations

import re
from typing import Iterator

from lxml import html as lxml_html
from lxml.html import HtmlElement

#: Where the generators that we read (Sphinx, mdBook, rustdoc, DocBook, Node's, Apache's …) put the page itself.
_MAIN = (
    "//*[@role='main']", "//main", "//*[@id='apicontent']", "//*[@id='page-content']", "//*[@id='yui-main']",
    "//*[@id='content']", "//div[@class='body']", "//body",
)
_DROP_TAGS = {"script", "style", "nav", "header", "footer", "svg", "img", "button", "form", "input", "select", "noscript", "iframe", "head"}
_DROP_CLASS = re.compile(
    r"headerlink|sphinxsidebar|navheader|navfooter|\brelated\b|\btoc\b|toctree|indextable|\bmenu\b|breadcrumb|sidebar|"
    r"footnote-reference|linenos|copybutton|nav-chapters|nav-wrapper|srclink|\bsource\b|out-of-band|mark\b|api_metadata|"
    r"stability|binderbadge|viewcode-link|quicknav|searchmenu|bookmarks|fancy_title|fancy_toc|notranslate-hidden|edit-this"
)
_DROP_ID = re.compile(r"^(toc|quickview|path|page-header|footer|gtoc|column2|sidebar|toc_sub|submenu|search|implementors)")
_BLOCK = {"p", "div", "section", "ul", "ol", "dl", "table", "blockquote", "article", "body", "main", "figure", "tbody", "thead", "details", "summary", "center", "form"}
#: Lines that some site puts at the top of every page.
_BOILERPLATE = {"Small. Fast. Reliable. Choose any three.", "Expand description"}
_SPACE = re.compile(r"[ \t\r\n\f\v\u00a0]+")


def _inline(node: HtmlElement) -> str:
    """Text of an element on one line, with `code` marked as in Markdown."""
    parts: list[str] = [node.text or ""]
    for child in node:
        if isinstance(child.tag, str) and not _dropped(child):
            text = _inline(child)
            if child.tag in ("code", "tt", "kbd") and text.strip() and "`" not in text:
                text = f"`{text.strip()}`"
            elif child.tag == "br":
                text = " "
            parts.append(text)
        parts.append(child.tail or "")
    return "".join(parts)


def _dropped(node: HtmlElement) -> bool:
    if node.tag in _DROP_TAGS:
        return True
    css, ident = node.get("class"), node.get("id")
    return bool(css and _DROP_CLASS.search(css)) or bool(ident and _DROP_ID.match(ident))


def _tidy(text: str) -> str:
    return _SPACE.sub(" ", text.replace("¶", "").replace("§", "")).strip()


def _has_block(node: HtmlElement) -> bool:
    return any(isinstance(c.tag, str) and (c.tag in _BLOCK or c.tag in ("pre", "li", "dt", "h1", "h2", "h3", "h4")) for c in node.iterdescendants())


def _blocks(node: HtmlElement, indent: str = "") -> Iterator[str]:
    tag = node.tag
    if tag == "pre":
        code = node.text_content().strip("\n").rstrip()
        if code.strip():
            yield f"```\n{code}\n```"
        return
    if tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
        title = _tidy(_inline(node))
        if title:
            yield "#" * int(tag[1]) + " " + title
        return
    if tag == "tr":
        cells = [_tidy(_inline(c)) for c in node if isinstance(c.tag, str)]
        if any(cells):
            yield " | ".join(cells)
        return
    if not _has_block(node):
        text = _tidy(_inline(node))
        if text:
            yield indent + ("- " if tag == "li" else "") + text
        return
    run: list[str] = [node.text or ""]
    first = tag == "li"

    def flush() -> Iterator[str]:
        nonlocal first
        text = _tidy("".join(run))
        run.clear()
        if text:
            yield indent + ("- " if first else "") + text
            first = False

    for child in node:
        if isinstance(child.tag, str) and not _dropped(child):
            if child.tag in _BLOCK or child.tag in ("pre", "li", "dt", "dd", "tr", "h1", "h2", "h3", "h4", "h5", "h6") or _has_block(child):
                yield from flush()
                deeper = indent + "  " if tag == "li" and child.tag in ("ul", "ol") else indent
                for block in _blocks(child, deeper):
                    yield "- " + block if first and not block.startswith(("#", "```", "- ")) else block
                    first = False
            else:
                text = _inline(child)
                run.append(f"`{text.strip()}`" if child.tag in ("code", "tt") and text.strip() and "`" not in text else text)
        run.append(child.tail or "")
    yield from flush()


def page_to_text(raw: bytes) -> str:
    """The page's own text, or an empty string when there is nothing to read on it."""
    head = raw[:2000].lower()
    encoding = "latin-1" if b"iso-8859-1" in head else "utf-8"
    text = raw.decode(encoding, "replace")
    if not text.strip():
        return ""
    tree = lxml_html.document_fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", text))
    for path in _MAIN:
        found = tree.xpath(path)
        if found:
            blocks = [b for b in _blocks(found[0]) if b.strip() and b not in _BOILERPLATE]
            break
    else:
        return ""
    out: list[str] = []
    for block in blocks:
        listed = block.lstrip().startswith("- ") or " | " in block
        near = out and (out[-1].lstrip().startswith("- ") or " | " in out[-1])
        out.append(("\n" if listed and near else "\n\n") + block)
    return "".join(out).strip() + "\n"
