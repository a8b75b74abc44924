"""What can go wrong with shared data, each with one sentence that names the file, row and column where it can."""

from datetime import date, datetime

from finmart.platform.kernel.clock import local
from finmart.platform.kernel.errors import BadInput, Conflict, NotAllowed, NotFound
from finmart.platform.kernel.messages import N_


class FileFault(BadInput):
    """A delivered file cannot be used; nothing of its delivery is stored."""


class FileMissing(FileFault):
    """The folder lacks a file of the data set."""

    def __init__(self, folder: str, names: str) -> None:
        super().__init__(
            N_("{folder} 中没有找到 {names}。请核对文件夹，或把文件放在一起后重试。"), folder=folder, names=names
        )


class FileEmpty(FileFault):
    """A file without a header or without a single row."""

    def __init__(self, file: str) -> None:
        super().__init__(N_("文件 {file} 是空的：没有数据行。请向提供单位重新索取。"), file=file)


class FileTruncated(FileFault):
    """A compressed file that ends too early or is damaged."""

    def __init__(self, file: str, row: int) -> None:
        super().__init__(
            N_("文件 {file} 不完整：压缩内容在第 {row} 行之后中断。请重新传输后再导入。"), file=file, row=row
        )


class FileUndecodable(FileFault):
    """Neither UTF-8 nor GB18030."""

    def __init__(self, file: str, row: int) -> None:
        super().__init__(
            N_("文件 {file} 第 {row} 行的文字无法识别：既不是 UTF-8，也不是 GB18030。请另存为 UTF-8 后重试。"),
            file=file,
            row=row,
        )


class ColumnMissing(FileFault):
    """A column of the contract does not stand in the header."""

    def __init__(self, file: str, column: str) -> None:
        super().__init__(
            N_("文件 {file} 第 1 行（表头）缺少“{column}”列。请按数据约定补齐后重试。"), file=file, column=column
        )


class ColumnTwice(FileFault):
    """A column stands in the header more than once, so nobody can say which one is meant."""

    def __init__(self, file: str, column: str) -> None:
        super().__init__(
            N_("文件 {file} 第 1 行（表头）的“{column}”列出现了两次。请只保留一列后重试。"), file=file, column=column
        )


class WrongDataset(FileFault):
    """The header is that of another file of the platform."""

    def __init__(self, file: str, wanted: str, found: str) -> None:
        super().__init__(
            N_("文件 {file} 第 1 行的列名属于“{found}”，而这里需要“{wanted}”。请换成正确的文件。"),
            file=file,
            wanted=wanted,
            found=found,
        )


class RowBroken(FileFault):
    """A row with more or fewer cells than the header has columns, or with an open quotation mark."""

    def __init__(self, file: str, row: int) -> None:
        super().__init__(
            N_("文件 {file} 第 {row} 行的列数与表头不一致，或引号没有成对。请更正该行后重试。"), file=file, row=row
        )


class CodeMangled(FileFault):
    """A spreadsheet turned a code into a number; other codes of the file may be silently wrong, so none is taken."""

    def __init__(self, file: str, row: int, column: str, value: str) -> None:
        super().__init__(
            N_(
                "文件 {file} 第 {row} 行“{column}”列的“{value}”是表格软件改写过的编号，同一文件的其他编号也可能已失真。"
                "请从源系统重新导出，并把该列设为文本。"
            ),
            file=file,
            row=row,
            column=column,
            value=value,
        )


class AssertionFailed(FileFault):
    """The data set's own expectation does not hold; nothing of the delivery is published."""

    def __init__(self, dataset: str, expectation: str, measured: str, example: str) -> None:
        super().__init__(
            N_("数据集“{dataset}”没有通过检查“{expectation}”：实际为 {measured}。{example}本批数据没有入库。"),
            dataset=dataset,
            expectation=expectation,
            measured=measured,
            example=example,
        )


class ImportUnderWay(Conflict):
    """Another import of the same data set is at work."""

    def __init__(self, dataset: str, batch: str, since: datetime) -> None:
        super().__init__(
            N_("“{dataset}”正在导入（批次 {batch}，{since} 开始），同一数据集不能同时导入两次。请等它完成后再试。"),
            dataset=dataset,
            batch=batch,
            since=f"{local(since):%Y-%m-%d %H:%M}",
        )


class FactsFromTheFuture(BadInput):
    """Facts cannot be known as of a day that has not come."""

    def __init__(self, as_of: date) -> None:
        super().__init__(N_("基准日 {day} 晚于今天，请换一个日期。"), day=as_of.isoformat())


class StoreDamaged(Conflict):
    """A stored file is missing or is not the one its row names."""

    def __init__(self, name: str) -> None:
        super().__init__(N_("数据文件 {name} 缺失或已损坏，请从备份恢复后再计算。"), name=name)


class BatchUnknown(NotFound):
    """No such batch."""

    def __init__(self) -> None:
        super().__init__(N_("没有找到这个批次。"))


class QuarantinedRowUnknown(NotFound):
    """No such row in quarantine."""

    def __init__(self) -> None:
        super().__init__(N_("没有找到这条隔离记录。"))


class QuarantinedRowHandled(Conflict):
    """Somebody has handled the row already."""

    def __init__(self) -> None:
        super().__init__(N_("这条隔离记录已经处理过，请刷新页面后再看。"))


class NoteMissing(BadInput):
    """A handled row needs a note that says what was done."""

    def __init__(self) -> None:
        super().__init__(N_("请写明处理结果，4 到 500 个字。"))


class ProfileClosed(NotAllowed):
    """The actor may not read this subject's profile."""

    def __init__(self) -> None:
        super().__init__(N_("您不能查看这个主体的信用档案：只有经核实的本人、本企业可以查看。"))


class ProfileMissing(NotFound):
    """Nothing has been published about the subject (as of that day)."""

    def __init__(self) -> None:
        super().__init__(N_("这个主体还没有信用档案：尚未收到关于它的共享数据。"))


class ClaimNeeded(NotAllowed):
    """Only who has proved to be the subject may let others see its data."""

    def __init__(self) -> None:
        super().__init__(N_("只有经核实的本人、本企业才能授权。请先认领并完成核实。"))


class AgreementMissing(BadInput):
    """A consent is given by an explicit act."""

    def __init__(self) -> None:
        super().__init__(N_("请先确认同意授权的内容，再提交。"))


class WarningUnconfirmed(BadInput):
    """A natural person's income, property and tax amounts need a confirmation of their own (征信业管理条例 14)."""

    def __init__(self) -> None:
        super().__init__(N_("所选数据包含个人的收入、资产或纳税数额，请先看完提示并单独勾选同意，或者不选这些数据。"))


class ScopeUnknown(BadInput):
    """A data set that the platform does not have."""

    def __init__(self) -> None:
        super().__init__(N_("请从列出的数据中选择。"))


class InstitutionNotReady(NotAllowed):
    """The institution's qualification or agreement does not hold today (DECISIONS 6)."""

    def __init__(self) -> None:
        super().__init__(N_("这家机构的资质或数据协议今天不在有效期内，不能查看任何档案，请联系平台运营方办理。"))


class ConsentEnded(NotAllowed):
    """The consent was withdrawn, has expired, or whoever gave it is no longer verified as the subject."""

    def __init__(self) -> None:
        super().__init__(N_("这份授权已经撤回、到期或失效，不能再查看档案；仍需查看的，请对方重新授权。"))


class PurposeNotCovered(NotAllowed):
    """The consent was given for another purpose."""

    def __init__(self) -> None:
        super().__init__(N_("这份授权是为别的用途给出的，不能用于这个目的；请对方就这个用途另行授权。"))


class DeclarationInvalid(BadInput):
    """An answer that does not fit its question."""

    def __init__(self, label: str, value: str) -> None:
        super().__init__(N_("“{label}”的回答“{value}”不合要求，请更正。"), label=label, value=value[:40])


class NotDeclarable(BadInput):
    """A fact that nobody can declare about himself."""

    def __init__(self, key: str) -> None:
        super().__init__(N_("“{key}”不能由申请人自行申报。"), key=key[:64])


class CommitmentMissing(BadInput):
    """What is declared is declared as true, or not at all."""

    def __init__(self) -> None:
        super().__init__(N_("请先确认所填内容真实，再提交。"))


class CellUnusable(FileFault):
    """A row that everything else hangs on is wrong; the sentence is the one a row in quarantine would have."""

    def __init__(self, msgid: str, file: str, row: int, column: str) -> None:
        super().__init__(msgid, file=file, row=row, column=column)


class DatasetUnknown(NotFound):
    """The platform has no such data set."""

    def __init__(self, name: str) -> None:
        super().__init__(N_("没有名为“{name}”的数据集。"), name=name[:32])
