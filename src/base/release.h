// Empties a container and gives its memory back. `v = {}` and `v.clear()` keep it: of thousands of connections that stay open, each would hold on to its longest record.
#pragma once

namespace klik {

template <class Container>
void release(Container& container) {
  Container().swap(container);
}

}  // namespace klik
