"""Why a file is not taken, or cannot be given back."""

from finmart.platform.files.types.kinds import FileKind, names_of
from finmart.platform.kernel.errors import BadInput, NotFound, NotReady
from finmart.platform.kernel.messages import N_

#: The largest file that is kept, in bytes (DECISIONS 24).
MAX_BYTES = 20 * 1024 * 1024


class FileRefused(BadInput):
    """A file that is not kept; the sentence says what to do instead."""


class FileEmpty(FileRefused):
    """No bytes at all."""

    def __init__(self) -> None:
        super().__init__(N_("这个文件是空的，请重新选择文件。"))


class FileTooLarge(FileRefused):
    """More bytes than are kept."""

    def __init__(self) -> None:
        super().__init__(N_("文件超过 {limit} MB，请压缩或拆分后再传。"), limit=MAX_BYTES // 1024 // 1024)


class FileKindRefused(FileRefused):
    """Content of a kind that is not taken here, whatever the name says."""

    def __init__(self, allowed: frozenset[FileKind]) -> None:
        super().__init__(
            N_("不接受这种文件，请换成 {kinds} 之一再传（以文件内容为准，改扩展名无效）。"), kinds=names_of(allowed)
        )


class FileBroken(FileRefused):
    """Content that breaks off or contradicts itself."""

    def __init__(self) -> None:
        super().__init__(N_("文件不完整或已损坏，请用原来的软件重新保存后再传。"))


class FileLocked(FileRefused):
    """An office document behind a password: what is in it cannot be checked."""

    def __init__(self) -> None:
        super().__init__(N_("文件设有密码或是旧版 Office 格式，请取消密码、另存为 XLSX、DOCX 或 PDF 后再传。"))


class MacrosFound(FileRefused):
    """An office document with code in it."""

    def __init__(self) -> None:
        super().__init__(N_("文件含有宏，请另存为不含宏的 XLSX、DOCX 或 PDF 后再传。"))


class LinksFound(FileRefused):
    """An office document that carries other files or loads something from elsewhere."""

    def __init__(self) -> None:
        super().__init__(N_("文件含有嵌入对象或外部链接，请断开链接、删除嵌入对象，或另存为 PDF 后再传。"))


class BombFound(FileRefused):
    """Content that grows beyond measure when it is unpacked."""

    def __init__(self) -> None:
        super().__init__(N_("文件解开后的内容过大，无法接收，请拆分后再传，或另存为 PDF。"))


class FileUnknown(NotFound):
    """No file has this id."""

    def __init__(self) -> None:
        super().__init__(N_("没有找到这个文件。"))


class FileLost(NotReady):
    """A row names a file that is missing or does not open."""

    def __init__(self) -> None:
        super().__init__(N_("这个文件暂时无法打开，请联系平台运营人员。"))


class TableRefused(FileRefused):
    """A table that was filled in cannot be read as one; the sentence says why."""


class CellRefused(FileRefused):
    """A cell holds what a spreadsheet could not work out; read as blank it would be taken for not stated."""

    def __init__(self, place: str) -> None:
        super().__init__(N_("单元格 {place} 显示的是错误（例如 #REF!），请改成应有的内容后再传。"), place=place[:10])


class CellsMerged(FileRefused):
    """Cells that are one to the eye; all but the first would be read as blank."""

    def __init__(self, row: int) -> None:
        super().__init__(N_("表格第 {row} 行有合并的单元格，请取消合并、把每一格都填上后再传。"), row=row)


class SheetTooLarge(FileRefused):
    """A sheet whose cells reach further than is read here."""

    def __init__(self, rows: int, columns: int) -> None:
        super().__init__(
            N_("表格太大：这里最多读 {rows} 行、{columns} 列，请删去多余的行列（包括看不见的空格子）再传。"),
            rows=rows,
            columns=columns,
        )
