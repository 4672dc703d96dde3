// An error must be looked at.
#include "base/result.h"
void drop();
void drop() { klik::fail(klik::Code::io, 0, "unseen").error(); klik::fail(klik::Code::io, 0, "unseen"); }
