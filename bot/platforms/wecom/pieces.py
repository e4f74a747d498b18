"""Splitting a message into pieces that fit, at its lines; each piece is a message of its own, whatever draws it."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from bot.messages.message import Block, Bullets, Lines, Message, Table, clip

Fits = Callable[[Message], bool]
TITLE_COLUMNS = 120
MARK = Lines(("(99/99)",))


def pieces(message: Message, fits: Fits) -> list[Message]:
    """Return the message, or its pieces marked (1/2), (2/2); the last one rings and carries the buttons.

    An empty message has no pieces.
    """
    if not message.as_text().strip():
        return []
    if fits(message):
        return [message]
    found = _fill(message, lambda piece: fits(replace(piece, blocks=(*piece.blocks, MARK))))
    marked = [
        replace(piece, blocks=(*piece.blocks, Lines((f"({number}/{len(found)})",))))
        for number, piece in enumerate(found, 1)
    ]
    marked[-1] = replace(marked[-1], mentions=message.mentions, buttons=message.buttons)
    return marked


def _fill(message: Message, fits: Fits) -> list[Message]:
    found: list[Message] = []
    page = Message(clip(message.title, TITLE_COLUMNS))
    waiting = deque(_atoms(message.blocks))
    while waiting:
        atom = waiting.popleft()
        longer = replace(page, blocks=_joined(page.blocks, atom))
        if fits(longer):
            page = longer
        elif page.blocks:
            found.append(page)
            page = Message()
            waiting.appendleft(atom)
        else:
            waiting.extendleft(reversed(_cut(atom, page, fits)))
    return [*found, page]


def _atoms(blocks: Sequence[Block]) -> Iterator[Block]:
    """List the smallest blocks: one line each, a row with its head."""
    for block in blocks:
        if isinstance(block, Table):
            rows: Sequence[tuple[tuple[str, ...], ...]] = [(row,) for row in block.rows] or [()]
            yield from (replace(block, rows=some) for some in rows)
        else:
            yield from (type(block)((line,)) for text in block.lines for line in text.split("\n"))


def _joined(blocks: tuple[Block, ...], atom: Block) -> tuple[Block, ...]:
    """Put an atom after blocks, into the last one when it is of the same kind."""
    last = blocks[-1] if blocks else None
    if isinstance(last, Table) and isinstance(atom, Table) and last.head == atom.head:
        return (*blocks[:-1], replace(last, rows=(*last.rows, *atom.rows)))
    if isinstance(last, Lines) and isinstance(atom, Lines):
        return (*blocks[:-1], Lines((*last.lines, *atom.lines)))
    if isinstance(last, Bullets) and isinstance(atom, Bullets):
        return (*blocks[:-1], Bullets((*last.lines, *atom.lines)))
    return (*blocks, atom)


def _cut(atom: Block, page: Message, fits: Fits) -> list[Block]:
    """Cut one line at the last character that fits an empty page; a row that is too long becomes a line first."""
    if isinstance(atom, Table):
        return [Lines(atom.as_lines() or ("  ".join(atom.head),))]
    text = atom.lines[0]
    low, high = 1, len(text) - 1  # always something, never all: it does not fit
    while low < high:
        middle = (low + high + 1) // 2
        if fits(replace(page, blocks=(type(atom)((text[:middle],)),))):
            low = middle
        else:
            high = middle - 1
    return [type(atom)((text[:low],)), Lines((text[low:],))]
