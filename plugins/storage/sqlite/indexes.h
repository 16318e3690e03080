// The indexes of what grows at its end: journal, closed tasks, answered requests.
#pragma once

#include <array>
#include <string_view>

#include "plugins/storage/sqlite/buffered_index.h"

namespace duban::storage_sqlite {

struct Indexes {
  Indexes();
  std::array<BufferedIndex*, 3> all() { return {&journal, &closed_tasks, &requests}; }

  BufferedIndex journal;       // case → revision
  BufferedIndex closed_tasks;  // case → ordinal; of several rows of one task the last is in force
  BufferedIndex requests;      // HashOf(request id)
};

// What a request is found by. Not to be foreseen of ids that a caller makes up to meet others';
// where two meet, the ids themselves are compared.
std::int64_t HashOf(std::string_view request_id);

// For this connection's SQL: request_hash(request id).
void OfferRequestHash(Connection& connection);

}  // namespace duban::storage_sqlite
