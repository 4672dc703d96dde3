#include "cli/command.h"

int main(int argc, char** argv) { return klik::cli::run(argc, argv); }
