#include "traffic/http2.h"
#include "traffic/protocol.h"
namespace klik::traffic {
std::unique_ptr<StreamReader> open_upgraded_http2(Context& context) { return recognising_reader(context, "", "http1"); }
}
