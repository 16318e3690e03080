// An index that is written late, and many keys at a time.
//
// A table that grows at its end costs little of a page for each row; an index of it costs a page
// for each, for keys come in any order. So the newest keys are kept in memory; when they are many
// they are sorted and moved into the index's own table in that order, a share with each commit,
// where neighbours share pages. The table is what holds the truth: after a start the keys of its
// newest rows are read from it again.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <vector>

#include "plugins/storage/sqlite/connection.h"

namespace duban::storage_sqlite {

// Changed by the one thread that commits; read by any thread on a connection of its own.
class BufferedIndex {
 public:
  // The rows of one key have places, in whose order they are found. Rows are numbered upwards.
  struct Entry {
    std::int64_t key = 0;
    std::int64_t place = 0;
    std::int64_t row = 0;
    auto operator<=>(const Entry&) const = default;
  };
  struct Sql {
    const char* name;    // its row in the table `indexed`
    const char* newest;  // key, place, row of all rows > ?1 of the table, upwards
    const char* insert;  // key, place, row into the index, unless they are there
    const char* select;  // place, row from the index WHERE key = ?1 AND place > ?2, in this order
  };
  // So many are kept before they are moved, and so many are moved at a time.
  struct Sizes {
    std::size_t kept = 32'768;
    std::size_t moved = 512;
  };
  explicit BufferedIndex(const Sql& sql) : BufferedIndex(sql, Sizes{}) {}
  BufferedIndex(const Sql& sql, Sizes sizes) : sql_(sql), sizes_(sizes) {}

  // Before anything else: what was added and is not in the index yet.
  void Load(Connection& connection);

  // Within a transaction, which ends with Committed or RolledBack. What is added is found at once.
  void Add(const Entry& entry);
  void Move(Connection& connection);  // what is due
  void Committed();
  void RolledBack();

  // Finds the rows of a key whose place is behind `after`. Every row that was committed before it
  // was made is found; one that is being committed may be: its row is then not to be seen in the
  // table.
  class Cursor {
   public:
    Cursor(const BufferedIndex& index, Connection& connection, std::int64_t key,
           std::int64_t after);
    bool Next();
    std::int64_t place() const { return current_.place; }
    std::int64_t row() const { return current_.row; }

   private:
    std::optional<Entry> NextStored();

    const std::int64_t key_;
    std::vector<Entry> recent_;  // looked up first: what leaves the memory is in the table by then
    std::size_t next_ = 0;
    Statement statement_;
    std::optional<Entry> stored_;
    Entry current_;
  };

 private:
  std::vector<Entry> Recent(std::int64_t key, std::int64_t after) const;
  void BeginMoving();

  const Sql sql_;
  const Sizes sizes_;

  // Moving: sorted; the first `moved_` are committed in the index.
  std::size_t moved_ = 0;
  std::size_t moving_to_ = 0;  // within the transaction
  std::size_t owed_ = 0;       // to be moved when it is a share
  std::size_t committed_ = 0;  // of what is kept

  mutable std::mutex mutex_;  // readers see what is below; only the thread that commits changes it
  std::vector<Entry> moving_;
  std::vector<Entry> kept_;
  std::vector<std::size_t>
      before_;  // the one before of the same key, by its place in kept_, plus 1
  std::unordered_map<std::int64_t, std::size_t> last_;  // of each key, in the same way
};

}  // namespace duban::storage_sqlite
