#include "chartsight/process/malloc_tunables.hpp"

#include "process/dev_watch.hpp"

#include <unistd.h>

#include <cstdlib>
#include <string>

namespace chartsight {

void use_malloc_without_thread_caches(char** argv) {
    const char* set = std::getenv("GLIBC_TUNABLES");
    std::string tunables = set == nullptr ? "" : set;
    if (tunables.find("glibc.malloc.tcache_count") != std::string::npos) return;
    if (!tunables.empty()) tunables += ':';
    tunables += "glibc.malloc.tcache_count=0";
    ::setenv("GLIBC_TUNABLES", tunables.c_str(), 1);
    ::execv(program_path().c_str(), argv);
}

}  // namespace chartsight
