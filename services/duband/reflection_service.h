// grpc.reflection.v1alpha.ServerReflection: what tools ask to learn what is served, and by which
// messages.
#pragma once

#include "services/duband/call.h"

namespace duban::duband {

class ReflectionService {
 public:
  // `front` must outlive it.
  explicit ReflectionService(const Front& front) : front_(front) {}
  Methods methods();

 private:
  const Front& front_;
};

}  // namespace duban::duband
