// The states and transitions that one microstep is about: kept in place, for they are few.
#pragma once

#include <boost/container/small_vector.hpp>

#include "core/model/case.h"

namespace duban::statechart {

using StateSet = boost::container::small_vector<model::StateIndex, 16>;
using TransitionSet = boost::container::small_vector<model::TransitionIndex, 8>;

}  // namespace duban::statechart
