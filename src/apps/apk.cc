#include "apps/apk.h"
