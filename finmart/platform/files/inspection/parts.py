"""Reading a small XML part of a package, in whatever encoding it says, with nothing of XML's dangerous side."""

from xml.parsers import expat

from finmart.platform.files.types.errors import FileBroken

Element = tuple[str, dict[str, str]]


def elements(document: bytes) -> list[Element]:
    """Every element with its attributes. Raises ``FileBroken`` for what is not XML or declares entities."""
    found: list[Element] = []
    parser = expat.ParserCreate()

    def refuse(*_declaration: object) -> None:
        raise FileBroken

    # A document type can define entities that grow without end or read other files; no part needs one.
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = lambda name, attributes: found.append((name, attributes))
    try:
        parser.Parse(document, True)
    except expat.ExpatError:
        raise FileBroken from None
    return found
