// The proof of a deadline in words: how a limit was counted, which days were skipped or moved, and
// the result.
//
// One sentence of steps, the same in both languages: "3 working days from Fri 2022-09-30 (first day
// not counted): 10-01…10-07 off (国庆节), 10-08 and 10-09 are make-up working days → counted 10-08,
// 10-09, 10-10 → due by …".
#pragma once

#include <set>
#include <string>
#include <vector>

#include "core/calendar/calendar.h"
#include "core/model/text.h"

namespace duban::calendar {

// Asks the calendar and keeps what is worth telling: days off, make-up days, years without a
// notice. Days are asked for one after the other, upwards or downwards. The calendar must outlive
// it.
class Enquiry {
 public:
  explicit Enquiry(const Calendar& calendar) : calendar_(calendar) {}

  bool IsWorking(Date date);
  // "10-01…10-07 off (国庆节), 10-08 is a make-up working day"; empty when every day was an
  // ordinary one.
  model::Text Findings(int year) const;
  const std::set<int>& years_without_notice() const { return years_without_notice_; }

 private:
  enum class Sort { kWeekend, kHoliday, kMakeUp };
  struct Run {
    Sort sort;
    std::string holiday;
    Date first;
    Date last;
    std::int64_t days = 1;
  };
  static model::Text RunText(const Run& run, int year);

  const Calendar& calendar_;
  std::vector<Run> runs_;
  std::set<int> years_without_notice_;
};

// Days that were counted: the first few by date, then "2022-10-08…2022-12-05 (40 days)".
class Count {
 public:
  void Add(Date date);
  std::int64_t size() const { return size_; }
  model::Text ToText(int year) const;

 private:
  std::vector<Date> first_;
  Date last_;
  std::int64_t size_ = 0;
};

// Dates in a year that the reader knows are written without it: "10-08", elsewhere "2023-01-03".
std::string ShortDate(Date date, int year);
model::Text DateWithWeekday(Date date);         // 2022-09-30（星期五） / Fri 2022-09-30
model::Text LimitText(const TimeLimit& limit);  // 3 个工作日 / 3 working days
// "(provisional: no holiday notice for 2027 yet)"; empty for no years.
model::Text ProvisionalText(const std::set<int>& years);

}  // namespace duban::calendar
