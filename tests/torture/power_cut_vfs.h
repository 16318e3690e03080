// A SQLite VFS in front of the system's own that can lose the power: what was written since a
// file's last sync is then there, gone, or there in part, sector by sector, as on a real disk.
#pragma once

#include <cstdint>
#include <random>

namespace duban::torture {

// Of the whole process; becomes SQLite's default VFS, so that everything opened afterwards goes
// through it. Thread-safe, except where said.
class PowerCutVfs {
 public:
  static void Install();

  // The power fails at the n-th write, truncation or sync from now: that one is done in part or not
  // at all, and everything after it fails, as nothing can be done without power.
  static void CutAfter(std::uint64_t operations);
  static bool is_cut();

  // Once nothing has a file open any more: leaves the files as a disk may have them then, and the
  // power is back. Gives the number of 512-byte sectors that were lost.
  static std::uint64_t Restore(std::mt19937_64& random);
};

}  // namespace duban::torture
