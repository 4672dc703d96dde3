// A window on a temporary Blob would dangle.
#include "io/source.h"
klik::Bytes dangle(const klik::SourceRef& s);
klik::Bytes dangle(const klik::SourceRef& s) { return (*s->load()).bytes(), klik::Blob().bytes(); }
