"""Why a backup is not written, not believed or not restored; each one sentence that says what to do."""

from pathlib import Path

from finmart.platform.kernel.errors import BadInput, Conflict, NotReady
from finmart.platform.kernel.messages import N_


class TargetTaken(Conflict):
    """Something stands where the backup is to be written."""

    def __init__(self, path: Path) -> None:
        super().__init__(N_("{path} 已经存在，备份不会覆盖它，请换一个文件名。"), path=path)


class FileGone(NotReady):
    """A row names a file that is not in the data folder."""

    def __init__(self, place: str) -> None:
        super().__init__(
            N_("数据库登记的文件 {place} 不在数据目录里，没有写出备份；请先从较早的备份找回它。"), place=place
        )
        self.place = place


class FileChanged(NotReady):
    """A file is not what its row says."""

    def __init__(self, place: str) -> None:
        super().__init__(
            N_("文件 {place} 与登记的大小或校验值不符，没有写出备份；请先从较早的备份找回它。"), place=place
        )


class BackupNotWritten(NotReady):
    """The machine refused: no room, no right."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            N_("备份没有写成（{reason}），目标处没有留下文件；请检查磁盘空间和权限后重试。"), reason=reason
        )


class NotAnArchive(BadInput):
    """What was named is no backup of this system, or cannot be opened."""

    def __init__(self, path: Path) -> None:
        super().__init__(N_("{path} 不是可以读取的备份文件，请检查路径和权限。"), path=path)


class ArchiveIncomplete(BadInput):
    """The archive breaks off."""

    def __init__(self, path: Path) -> None:
        super().__init__(N_("备份 {path} 不完整（后面的部分缺失），请换用另一份备份。"), path=path)


class ArchiveDamaged(BadInput):
    """What the archive holds is not what was written into it."""

    def __init__(self, path: Path, part: str) -> None:
        super().__init__(N_("备份 {path} 已损坏或被改动（{part}），请换用另一份备份。"), path=path, part=part)


class ArchiveTooNew(NotReady):
    """The archive was written by a later release."""

    def __init__(self, revision: str) -> None:
        super().__init__(N_("这份备份由更新的版本写成（{revision}），请先升级本系统再恢复。"), revision=revision)


class KeyAway(NotReady):
    """A key that the archive's ciphertexts need is not here."""

    def __init__(self, key_id: str) -> None:
        super().__init__(
            N_("恢复这份备份需要原来的密钥 {key_id}，请设置 FINMART_KEYS，或把原来的 keys.json 放进数据目录。"),
            key_id=key_id,
        )


class KeyDifferent(NotReady):
    """A key of the right id is another one."""

    def __init__(self, key_id: str) -> None:
        super().__init__(N_("密钥 {key_id} 与写这份备份时用的不是同一个，请换回原来的密钥再恢复。"), key_id=key_id)


class IndexKeyDifferent(NotReady):
    """Phones and codes would be looked for under another key."""

    def __init__(self, key_id: str) -> None:
        super().__init__(N_("恢复这份备份时，密钥设置的 index 须是 {key_id}，请改好再恢复。"), key_id=key_id)


class DatabaseNotEmpty(Conflict):
    """A backup is restored into an empty database only."""

    def __init__(self, table: str) -> None:
        super().__init__(N_("数据库不是空的（表 {table} 里有数据），只能恢复到空的数据库。"), table=table)


class FolderNotEmpty(Conflict):
    """A backup is restored beside no other files."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            N_("文件夹 {folder} 里已有文件，只能恢复到空的数据目录，请换一个 FINMART_DATA。"), folder=folder
        )


class TableDiffers(NotReady):
    """What stands in the database is not what the archive holds."""

    def __init__(self, table: str) -> None:
        super().__init__(N_("恢复后的表 {table} 与备份不一致，已全部撤回，请联系平台运维。"), table=table)


class RowsRefused(NotReady):
    """The database does not take the rows: no room, or a value that this kind of database cannot hold."""

    def __init__(self, table: str, error: str) -> None:
        super().__init__(
            N_("数据库没有收下表 {table} 的数据（{error}），已全部撤回；请检查磁盘空间，或恢复到同一种数据库。"),
            table=table,
            error=error,
        )


class RestoreBroken(NotReady):
    """The machine refused in the middle; everything was taken back."""

    def __init__(self, reason: str) -> None:
        super().__init__(N_("恢复没有完成（{reason}），已全部撤回；请检查磁盘空间和权限后重试。"), reason=reason)
