#include "process/worker_main.hpp"

#include "chartsight/base/log.hpp"

#include <fmt/format.h>

#include <malloc.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cstdlib>
#include <exception>

namespace chartsight {

namespace {

constexpr int kArenas = 2;
constexpr int kMmapThreshold = 32 << 10;

/// glibc's defaults keep an arena per thread and raise the mmap threshold with every upload freed: memory of
/// a burst would never go back to the system.
void return_memory_early() {
    ::mallopt(M_ARENA_MAX, kArenas);
    ::mallopt(M_MMAP_THRESHOLD, kMmapThreshold);
    ::mallopt(M_TRIM_THRESHOLD, kMmapThreshold);
}

}  // namespace

sigset_t supervisor_signals() {
    sigset_t set;
    ::sigemptyset(&set);
    for (const int signal : {SIGCHLD, SIGTERM, SIGINT}) ::sigaddset(&set, signal);
    return set;
}

void worker_main(const Config& config, const Inheritance& inheritance, std::size_t index) {
    ::signal(SIGINT, SIG_IGN);  // Ctrl-C reaches the whole group; the supervisor decides what it means
    ::signal(SIGPIPE, SIG_IGN);
    const sigset_t set = supervisor_signals();
    ::sigprocmask(SIG_UNBLOCK, &set, nullptr);
    ::prctl(PR_SET_NAME, fmt::format("chartsight-w{}", index).c_str());
    return_memory_early();
    log::setup(config.log, static_cast<int>(index));
    try {
        {
            Worker worker(config, inheritance, index);
            worker.run();
        }
        std::exit(0);
    } catch (const std::exception& e) {
        log::error("", "Worker failed", {{"reason", e.what()}});
        ::_exit(1);
    }
}

}  // namespace chartsight
