// How the write-ahead log is written: a whole commit in one piece.
//
// SQLite writes a log page by page, each with a header of its own: two system calls a page, some
// hundred for a batch. Nobody may read these pages before the commit is synced, so they are
// gathered in memory and written when SQLite asks for the sync, or reads, or measures the file.
#pragma once

namespace duban::storage_sqlite {

// The name of a VFS for sqlite3_open_v2, registered once; null when there is none, which means
// SQLite's own. Only for a connection with
// synchronous=FULL: with less, pages are announced to readers without a sync before.
const char* GatheringVfs();

}  // namespace duban::storage_sqlite
